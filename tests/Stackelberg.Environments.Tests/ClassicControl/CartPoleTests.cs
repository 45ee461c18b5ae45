using System.Diagnostics;
using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.ClassicControl;

public sealed class CartPoleTests
{
    public static TheoryData<string> Cases => [.. Reference.Select(r => r.Case).Distinct()];

    private static List<Row> Reference { get; } = Row.Load();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trajectory_has_the_bits_of_the_published_equations(string name)
    {
        Row[] rows = [.. Reference.Where(r => r.Case == name)];
        CartPoleOptions options = new()
        {
            Integrator = rows[0].Integrator == "euler" ? CartPoleIntegrator.Euler : CartPoleIntegrator.SemiImplicitEuler,
        };
        using CartPole environment = At(rows[0].Dynamics, options);
        double[] observation = new double[4];

        foreach (Row row in rows.Skip(1))
        {
            StepResult result = environment.Step([row.Action], observation);

            observation.ShouldBe(row.Observation, $"observation at step {row.Step}");
            Dynamics(environment).ShouldBe(row.Dynamics, $"dynamics at step {row.Step}");
            result.ShouldBe(new StepResult(row.Reward, row.Terminated, false), $"step {row.Step}");
        }
    }

    [Fact]
    public void Reference_covers_both_ways_to_terminate_and_a_full_length_episode()
    {
        Row[] last = [.. Reference.GroupBy(r => r.Case).Select(g => g.Last())];
        last.ShouldContain(r => Math.Abs(r.Dynamics[0]) > 2.4 && Math.Abs(r.Dynamics[2]) < 0.2);
        last.ShouldContain(r => r.Dynamics[2] > 0.2094);
        last.ShouldContain(r => r.Dynamics[2] < -0.2094);
        last.ShouldContain(r => r.Step == 500 && !r.Terminated);
    }

    [Theory]
    [InlineData(0, 2.4)]
    [InlineData(0, -2.4)]
    [InlineData(2, 12 * 2 * Math.PI / 360)]
    [InlineData(2, -12 * 2 * Math.PI / 360)]
    public void Termination_bounds_are_strict(int index, double limit)
    {
        double[] dynamics = [0, 0, 0, 0];
        dynamics[index] = limit;
        using CartPole at = At(dynamics);
        at.Step([0], new double[4]).Terminated.ShouldBeFalse("a value on the bound is inside: nothing moved yet, velocities were zero");

        dynamics[index] = limit > 0 ? Math.BitIncrement(limit) : Math.BitDecrement(limit);
        using CartPole beyond = At(dynamics);
        beyond.Step([0], new double[4]).Terminated.ShouldBeTrue();
    }

    [Fact]
    public void Reset_draws_four_uniforms_between_the_bounds_and_rounds_them_to_single()
    {
        using CartPole environment = new();
        double[] observation = new double[4];
        const int draws = 4000;
        double[] sum = new double[4], squares = new double[4];
        environment.Reset(3, observation);
        for (int i = 0; i < draws; i++)
        {
            environment.Reset(null, observation);
            for (int k = 0; k < 4; k++)
            {
                observation[k].ShouldBeInRange((double)-0.05f, (double)0.05f);
                observation[k].ShouldBe((float)observation[k]);
                sum[k] += observation[k];
                squares[k] += observation[k] * observation[k];
            }
        }

        // Mean 0 and variance w²/12 with w = 0.1; five standard errors of each estimate.
        const double variance = 0.01 / 12;
        for (int k = 0; k < 4; k++)
        {
            (sum[k] / draws).ShouldBe(0, 5 * Math.Sqrt(variance / draws));
            (squares[k] / draws).ShouldBe(variance, 5 * variance * Math.Sqrt(0.8 / draws));
        }
    }

    [Fact]
    public void Reset_with_a_seed_repeats_and_without_one_goes_on()
    {
        using CartPole one = new(), two = new();
        double[] a = new double[4], b = new double[4];
        one.Reset(5, a);
        two.Reset(5, b);
        b.ShouldBe(a);
        two.Reset(6, b);
        b.ShouldNotBe(a);

        double[] first = [.. a];
        one.Reset(null, a);
        a.ShouldNotBe(first);
        two.Reset(5, b);
        two.Reset(null, b);
        b.ShouldBe(a);
    }

    [Fact]
    public void Reset_bounds_can_be_chosen()
    {
        using CartPole environment = new(new CartPoleOptions { ResetLow = 0.1, ResetHigh = 0.1 });
        double[] observation = new double[4];
        environment.Reset(0, observation);
        observation.ShouldAllBe(o => o == (double)0.1f);
    }

    [Fact]
    public void Sutton_and_Bartos_reward_is_zero_until_minus_one_at_termination()
    {
        using CartPole environment = At([0, 0, 0, 0], new CartPoleOptions { SuttonBartoReward = true });
        double[] observation = new double[4];
        StepResult result;
        List<double> rewards = [];
        do
        {
            result = environment.Step([1], observation);
            rewards.Add(result.Reward);
        }
        while (!result.Terminated);

        rewards[^1].ShouldBe(-1);
        rewards.SkipLast(1).ShouldAllBe(r => r == 0);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(2.0)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void Step_refuses_an_action_outside_the_space_and_leaves_the_episode_as_it_was(double action)
    {
        using CartPole environment = At([0.1, 0.2, 0.05, 0.3]);
        EnvironmentException error = Should.Throw<EnvironmentException>(() => environment.Step([action], new double[4]));
        error.Message.ShouldContain("Discrete(2)");
        error.Message.ShouldContain(action.ToString(CultureInfo.InvariantCulture));
        Dynamics(environment).ShouldBe([0.1, 0.2, 0.05, 0.3]);
    }

    [Fact]
    public void Step_refuses_two_actions_at_once_and_a_short_buffer()
    {
        using CartPole environment = At([0, 0, 0, 0]);
        Should.Throw<EnvironmentException>(() => environment.Step([0, 1], new double[4])).Message.ShouldContain("2 number(s)");
        Should.Throw<EnvironmentException>(() => environment.Step([0], new double[3])).Message.ShouldContain("exactly 4");
        Should.Throw<EnvironmentException>(() => environment.Reset(0, new double[5])).Message.ShouldContain("exactly 4");
    }

    [Fact]
    public void Step_before_Reset_or_after_the_end_is_refused()
    {
        using CartPole environment = new();
        double[] observation = new double[4];
        Should.Throw<EnvironmentException>(() => environment.Step([0], observation)).Message.ShouldContain("Call Reset");

        environment.Reset(0, observation);
        while (!environment.Step([0], observation).Terminated)
        {
        }

        Should.Throw<EnvironmentException>(() => environment.Step([0], observation));
        environment.Reset(null, observation);
        Should.NotThrow(() => environment.Step([0], observation));
    }

    [Fact]
    public void The_final_observation_lies_in_the_observation_space()
    {
        foreach (Row row in Reference.Where(r => r.Terminated))
        {
            new CartPole().ObservationSpace.Contains(row.Observation).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0.1, -0.1)]
    [InlineData(double.NaN, 0.1)]
    [InlineData(0, double.PositiveInfinity)]
    public void Bounds_that_are_no_interval_are_refused(double low, double high) =>
        Should.Throw<ArgumentException>(() => new CartPole(new CartPoleOptions { ResetLow = low, ResetHigh = high }));

    [Fact]
    public void Step_allocates_nothing_and_takes_well_under_a_microsecond()
    {
        using CartPole environment = new();
        double[] observation = new double[4];
        double best = double.PositiveInfinity;
        long bytes = 0;
        for (int repeat = 0; repeat < 20; repeat++)
        {
            environment.Reset(1, observation);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            int steps = 0;
            while (!environment.Step([(steps % 3) & 1], observation).Terminated)
            {
                steps++;
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / (steps + 1));
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        bytes.ShouldBe(0);
        best.ShouldBeLessThan(1000);
    }

    private static CartPole At(double[] dynamics, CartPoleOptions? options = null)
    {
        CartPole environment = new(options);
        environment.ResetTo(dynamics, new double[4]);
        return environment;
    }

    private static double[] Dynamics(CartPole environment)
    {
        double[] dynamics = new double[4];
        MemoryState.Of(environment).Reader.ReadArray("dynamics", dynamics);
        return dynamics;
    }

    private sealed record Row(
        string Case, string Integrator, int Step, double Action, double[] Dynamics, double[] Observation, double Reward, bool Terminated)
    {
        public static List<Row> Load()
        {
            string path = Path.Combine(AppContext.BaseDirectory, "Data", "cartpole_reference.csv");
            return [.. File.ReadLines(path).Skip(1).Select(Parse)];
        }

        private static Row Parse(string line)
        {
            string[] cells = line.Split(',');
            double[] numbers = [.. cells.Skip(2).Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
            return new Row(cells[0], cells[1], (int)numbers[0], numbers[1], numbers[2..6], numbers[6..10], numbers[10], numbers[11] == 1);
        }
    }
}
