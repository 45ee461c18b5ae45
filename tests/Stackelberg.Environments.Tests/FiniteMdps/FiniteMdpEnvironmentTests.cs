using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.FiniteMdps;

public sealed class FiniteMdpEnvironmentTests
{
    private static readonly FiniteMdp Results = PosterMdps.SimpleMdp2;

    [Fact]
    public void Simulated_transitions_have_the_models_frequencies_and_rewards()
    {
        FiniteMdp mdp = RandomMdps.Garnet(RandomStream.FromSeed(8), new RandomMdpOptions { States = 4, Actions = 2, Branching = 3 });
        using FiniteMdpEnvironment environment = new(mdp, MdpObservation.Index);
        RandomStream random = RandomStream.FromSeed(1);
        int[] visits = new int[8], moves = new int[32], starts = new int[4];
        double[] observation = new double[1];
        const int steps = 40_000;
        for (int step = 0; step < steps; step++)
        {
            environment.Reset(step == 0 ? 2 : null, observation);
            int state = (int)observation[0], action = random.NextInt32(2);
            starts[state]++;
            StepResult result = environment.Step([action], observation);
            int next = (int)observation[0];
            environment.State.ShouldBe(next);
            result.ShouldBe(new StepResult(mdp.Reward(state, action, next), false, false));
            visits[(state * 2) + action]++;
            moves[(((state * 2) + action) * 4) + next]++;
        }

        starts.ShouldAllBe(n => Math.Abs(n - (steps / 4)) < 5 * Math.Sqrt(steps * 3.0 / 16));
        for (int row = 0; row < 8; row++)
        {
            for (int next = 0; next < 4; next++)
            {
                double probability = mdp.Transition(row / 2, row % 2)[next];
                double slack = 5 * Math.Sqrt(visits[row] * probability * (1 - probability));
                Math.Abs(moves[(row * 4) + next] - (visits[row] * probability)).ShouldBeLessThanOrEqualTo(slack);
            }
        }
    }

    [Fact]
    public void Simulated_returns_have_the_exact_mean_and_deviation()
    {
        using TimeLimit environment = new(new FiniteMdpEnvironment(Results), 50);
        double[] policy = [0.3, 0.7, 0.1, 0.9, 1, 0];
        (double mean, double deviation) = MdpPlanning.Return(Results, policy, 50);
        RandomStream random = RandomStream.FromSeed(6);
        double[] observation = new double[3];
        const int episodes = 20_000;
        double sum = 0, squares = 0;
        for (int episode = 0; episode < episodes; episode++)
        {
            environment.Reset(episode == 0 ? 4 : null, observation);
            double total = 0;
            StepResult result;
            do
            {
                int state = Array.IndexOf(observation, 1);
                result = environment.Step([random.NextDouble() < policy[2 * state] ? 0 : 1], observation);
                total += result.Reward;
            }
            while (!result.Ended);

            sum += total;
            squares += (total - mean) * (total - mean);
        }

        (sum / episodes).ShouldBe(mean, 5 * deviation / Math.Sqrt(episodes));

        // The return is skewed: twice the normal law's error of the deviation.
        Math.Sqrt(squares / episodes).ShouldBe(deviation, 10 * deviation / Math.Sqrt(2 * episodes));
    }

    [Fact]
    public void Entering_a_terminal_state_ends_the_episode_with_its_reward()
    {
        using FiniteMdpEnvironment environment = new(PosterMdps.Counterexample);
        double[] observation = new double[4];
        environment.Reset(0, observation);
        observation.ShouldBe([1, 0, 0, 0]);
        environment.Step([0], observation).ShouldBe(new StepResult(10, true, false));
        observation.ShouldBe([0, 0, 1, 0]);
        Should.Throw<EnvironmentException>(() => environment.Step([0], observation)).Message.ShouldContain("Call Reset");
    }

    [Fact]
    public void Saved_state_continues_and_a_state_of_another_model_is_refused()
    {
        using FiniteMdpEnvironment original = new(PosterMdps.ErgodicMdp1, MdpObservation.Index);
        using FiniteMdpEnvironment restored = new(PosterMdps.ErgodicMdp1, MdpObservation.Index);
        double[] expected = new double[1], observed = new double[1];
        original.Reset(1, expected);
        for (int step = 0; step < 10; step++)
        {
            original.Step([step % 2], expected);
        }

        MemoryState.Of(original).Restore(restored);
        for (int step = 0; step < 200; step++)
        {
            restored.Step([step % 2], observed).ShouldBe(original.Step([step % 2], expected));
            observed.ShouldBe(expected);
        }

        while (original.State != 2)
        {
            original.Step([0], expected);
        }

        using FiniteMdpEnvironment small = new(PosterMdps.ErgodicDeterministicMdp2);
        Should.Throw<StateException>(() => MemoryState.Of(original).Restore(small)).Message.ShouldContain("The saved state is 2");
    }

    [Fact]
    public void Misuse_is_refused()
    {
        FiniteMdp ended = new("ended", ["on", "end"], ["a"], [0, 1, 0, 1], [0, 0, 0, 0], [0.5, 0.5], [false, true]);
        Should.Throw<ArgumentException>(() => new FiniteMdpEnvironment(ended)).Message.ShouldContain("state 1 ('end')");
        Should.Throw<ArgumentException>(() => new FiniteMdpEnvironment(Results, (MdpObservation)7));
        using FiniteMdpEnvironment environment = new(Results);
        environment.Spec.MaxEpisodeSteps.ShouldBeNull("the horizon is the wrapper's affair");
        Should.Throw<EnvironmentException>(() => environment.Reset(0, new double[2])).Message.ShouldContain("exactly 3");
        environment.Reset(0, new double[3]);
        Should.Throw<EnvironmentException>(() => environment.Step([2], new double[3])).Message.ShouldContain("Discrete(2)");
    }
}
