using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.ClassicControl;

/// <summary>Starting from a given state, showing it, and going on after termination.</summary>
public sealed class GivenStateTests
{
    private static readonly double[] Falling = [0, 0, 0.2, 1.5];

    public static TheoryData<string> Ids()
    {
        EnvironmentCatalogue catalogue = new();
        Environments.ClassicControl.Register(catalogue);
        return [.. catalogue.Specs.Select(s => s.Id)];
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void State_shown_in_mid_episode_starts_an_episode_that_goes_on_alike(string id)
    {
        EnvironmentCatalogue catalogue = new();
        Environments.ClassicControl.Register(catalogue);
        using IEnvironment first = catalogue.Make(id), second = catalogue.Make(id);
        IEnvironment from = first.Unwrapped(), to = second.Unwrapped();
        double[] expected = new double[from.ObservationSpace.Size], seen = new double[expected.Length], action = new double[1];
        from.Reset(7, expected);
        from.Step(action, expected);
        double[] state = new double[((IStateColumns)from).StateColumns.Count];
        ((IStateColumns)from).WriteState(state);

        to.Reset(99, seen);
        ((IInitialState)to).ResetTo(state, seen);

        seen.ShouldBe(expected);
        ((IInitialState)to).InitialStateParts.Sum(p => p.Length).ShouldBe(state.Length);
        for (int step = 0; step < 5; step++)
        {
            to.Step(action, seen).ShouldBe(from.Step(action, expected));
            seen.ShouldBe(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Observation_names_the_state_exactly_where_it_is_the_state(string id)
    {
        EnvironmentCatalogue catalogue = new();
        Environments.ClassicControl.Register(catalogue);
        using IEnvironment environment = catalogue.Make(id);
        var dynamics = (ClassicControlEnvironment)environment.Unwrapped();
        double[] observation = new double[dynamics.ObservationSpace.Size];
        dynamics.Reset(3, observation);

        bool same = observation.AsSpan().SequenceEqual([.. dynamics.Dynamics.ToArray().Select(d => (double)(float)d)]);

        dynamics.InitialStateParts.ShouldHaveSingleItem().Synonym.ShouldBe(same ? "observation" : null);
    }

    // Gymnasium: 1 for the step that terminates, 0 for every step beyond it.
    [Fact]
    public void Cart_pole_gets_nothing_for_steps_beyond_its_termination()
    {
        using CartPole cartPole = new();
        double[] observation = new double[4];
        cartPole.ResetTo(Falling, observation);

        cartPole.Step([1], observation).ShouldBe(new StepResult(1, true, false));
        Should.Throw<EnvironmentException>(() => cartPole.Step([1], observation));
        cartPole.ContinueAfterTermination();
        cartPole.Step([1], observation).ShouldBe(new StepResult(0, true, false));

        cartPole.Reset(null, observation);
        cartPole.Step([1], observation).Reward.ShouldBe(1);
        Should.Throw<EnvironmentException>(cartPole.ContinueAfterTermination).Message.ShouldContain("no terminated episode");
    }

    [Fact]
    public void Saved_state_knows_that_the_episode_has_terminated()
    {
        using CartPole from = new(), to = new();
        double[] observation = new double[4];
        from.ResetTo(Falling, observation);
        from.Step([1], observation);

        MemoryState.Of(from).Restore(to);
        to.ContinueAfterTermination();
        MemoryState.Of(to).Restore(to);

        to.Step([1], observation).ShouldBe(new StepResult(0, true, false));
    }
}
