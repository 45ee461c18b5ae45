using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests;

public sealed class MujocoEnvironmentExtensionTests
{
    private readonly double[] observation = new double[4];

    [Fact]
    public void A_task_of_another_assembly_finds_its_model_and_gets_its_action_space_from_it()
    {
        using var task = new CrowdTask();
        var actions = task.ActionSpace.ShouldBeOfType<BoxSpace>();
        (actions.Low[0], actions.High[0]).ShouldBe((-2.0, 3.0));
        task.StepSeconds.ShouldBe(0.01);
    }

    [Fact]
    public void A_ball_at_rest_presses_on_the_floor_with_its_weight()
    {
        using var task = new CrowdTask { Spared = 2 };
        task.Reset(1, observation);
        for (int i = 0; i < 300; i++)
        {
            task.Step([0], observation);
        }

        observation[0].ShouldBe(0.1, 2e-3);
        observation[1].ShouldBe(9.81, 0.02);
        observation[2].ShouldBe(0, 1e-3);
        observation[3].ShouldBe(observation[0], 1e-6);
    }

    [Fact]
    public void Contacts_that_find_no_room_are_an_error_in_the_engines_words()
    {
        using var task = new CrowdTask();
        task.Reset(1, observation);
        var exception = Should.Throw<EnvironmentException>(() =>
        {
            for (int i = 0; i < 300; i++)
            {
                task.Step([0], observation);
            }
        });
        exception.Message.ShouldContain("Crowd-v0: the physics is not to be trusted in step");
        exception.Message.ShouldContain("contact", Case.Insensitive);
    }

    [Fact]
    public void What_a_task_remembers_is_saved_with_it()
    {
        using var first = new CrowdTask { Spared = 2 };
        using var second = new CrowdTask { Spared = 2 };
        double[] other = new double[4];
        first.Reset(1, observation);
        for (int i = 0; i < 20; i++)
        {
            first.Step([0], observation);
        }

        second.Reset(2, other);
        MemoryState.Of(first).Restore(second);
        for (int i = 0; i < 40; i++)
        {
            StepResult expected = first.Step([0], observation);
            second.Step([0], other).ShouldBe(expected);
            other.ShouldHaveTheBitsOf(observation, $"observation {i}");
        }
    }

    [Fact]
    public void A_model_that_is_not_embedded_is_named() =>
        Should.Throw<ArgumentException>(() => new Misnamed()).Message.ShouldContain("no embedded model 'nowhere.xml'");

    private sealed class Misnamed() : MujocoEnvironment(new EnvironmentSpec("Misnamed-v0", null, null), "nowhere.xml", 1, 1)
    {
        protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
        {
        }

        protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action) => (0, false);

        protected override void Observe(Span<double> observation)
        {
        }
    }
}
