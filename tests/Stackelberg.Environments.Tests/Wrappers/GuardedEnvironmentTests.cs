using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class GuardedEnvironmentTests
{
    [Fact]
    public void What_an_environment_throws_is_named_with_its_call_and_kept()
    {
        Scripted inner = new() { Fails = () => new IOException("no\nroad") };
        using IEnvironment guarded = inner.Guarded();
        EnvironmentException reset = Should.Throw<EnvironmentException>(() => guarded.Reset(1, new double[1]));
        reset.Message.ShouldBe("Scripted-test failed in Reset: no road");
        reset.InnerException.ShouldBeOfType<IOException>();
        Should.Throw<EnvironmentException>(() => guarded.Step([0], new double[1])).Message.ShouldBe("Scripted-test failed in Step at step 1 of the episode: no road");
        Should.Throw<EnvironmentException>(() => MemoryState.Of(guarded)).Message.ShouldBe("Scripted-test failed in Save: no road");
        Should.Throw<EnvironmentException>(() => new MemoryState().Restore(guarded)).Message.ShouldBe("Scripted-test failed in Load: no road");

        // giving up what failed before is no second fault
        Should.NotThrow(guarded.Dispose);
        Should.Throw<EnvironmentException>(() => new Scripted { Fails = inner.Fails }.Guarded().Dispose()).Message.ShouldBe("Scripted-test failed in Dispose: no road");
    }

    [Fact]
    public void Faults_that_name_the_environment_pass_and_others_are_given_its_name()
    {
        Exception own = EnvironmentException.NoEpisodeRunning("Scripted-test");
        Should.Throw<EnvironmentException>(() => new Scripted { Fails = () => own }.Guarded().Reset(1, new double[1])).ShouldBeSameAs(own);
        Should.Throw<EnvironmentException>(() => new Scripted { Fails = () => new EnvironmentException("sensor offline") }.Guarded().Reset(1, new double[1]))
            .Message.ShouldBe("Scripted-test failed in Reset: sensor offline");
    }

    [Theory]
    [InlineData(3.4028234663852886e38, true)]
    [InlineData(-3.4028234663852886e38, true)]
    [InlineData(3.402823466385289e38, false)]
    [InlineData(-1e39, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.NegativeInfinity, false)]
    public void Numbers_that_single_precision_cannot_hold_stop_where_they_come_up(double value, bool passes)
    {
        Scripted inner = new();
        using IEnvironment guarded = inner.Guarded();
        double[] observation = new double[1];
        guarded.Reset(1, observation);
        guarded.Step([0], observation);
        inner.Reward = value;
        Check("the reward", "at step 2 of the episode", () => guarded.Step([0], observation));
        (inner.Reward, inner.Observation) = (0, value);
        Check("observation entry 0", "at step 3 of the episode", () => guarded.Step([0], observation));
        Check("observation entry 0", "after Reset", () => guarded.Reset(null, observation));
        MemoryState.Of(guarded).Restore(guarded);
        Check("observation entry 0", "1 step(s) after the episode was loaded", () => guarded.Step([0], observation));

        void Check(string what, string where, Action call)
        {
            if (passes)
            {
                Should.NotThrow(call);
            }
            else
            {
                string message = Should.Throw<EnvironmentException>(call).Message;
                message.ShouldStartWith($"Scripted-test: {what} is ");
                message.ShouldContain(where);
            }
        }
    }

    [Fact]
    public void Spaces_may_be_other_objects_but_not_others()
    {
        Scripted inner = new();
        using IEnvironment guarded = inner.Guarded();
        inner.ActionSpace = new BoxSpace(1, -1, 1);
        guarded.Reset(1, new double[1]);
        inner.ActionSpace = new BoxSpace(1, -1, 2);
        Should.Throw<EnvironmentException>(() => guarded.Reset(null, new double[1])).Message
            .ShouldStartWith("Scripted-test: the action space was Box(-1, 1, 1) and is now Box(-1, 2, 1)");
        inner.ActionSpace = new DiscreteSpace(2);
        Should.Throw<EnvironmentException>(() => guarded.Reset(null, new double[1])).Message.ShouldContain("is now Discrete(2)");
    }

    [Theory]
    [InlineData(-1, 1, true)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, true)]
    [InlineData(-1, double.PositiveInfinity, true)]
    [InlineData(-1.7e38, 1.7e38, true)]
    [InlineData(-1.8e38, 1.8e38, false)]
    [InlineData(-float.MaxValue, float.MaxValue, false)]
    [InlineData(double.NegativeInfinity, 1e39, false)]
    public void Actions_have_bounds_and_a_width_that_single_precision_holds(double low, double high, bool passes)
    {
        Scripted inner = new() { ActionSpace = new BoxSpace(1, low, high) };
        if (passes)
        {
            Should.NotThrow(() => inner.Guarded());
        }
        else
        {
            Should.Throw<EnvironmentException>(() => inner.Guarded()).Message.ShouldStartWith("Scripted-test: action entry 0 is bounded by");
        }
    }

    [Fact]
    public void What_the_catalogue_makes_is_guarded_once_and_leaves_no_trace_in_saved_state()
    {
        EnvironmentCatalogue catalogue = new();
        Environments.ClassicControl.Register(catalogue);
        using IEnvironment made = catalogue.Make("CartPole-v1"), bare = new TimeLimit(new CartPole(new CartPoleOptions(), made.Spec), 500);
        made.Guarded().ShouldBeSameAs(made);
        made.Find<GuardedEnvironment>().ShouldNotBeNull();
        made.Reset(3, new double[4]);
        bare.Reset(3, new double[4]);
        MemoryState.Of(made).FirstDifference(MemoryState.Of(bare)).ShouldBeNull();
    }

    [Fact]
    public void Storage_that_fails_while_an_environment_is_saved_is_not_the_environments_fault()
    {
        using IEnvironment guarded = new Scripted().Guarded();
        Should.Throw<IOException>(() => guarded.Save(new FullDisk())).Message.ShouldBe("no space");
    }

    /// <summary>Does as it is told.</summary>
    private sealed class Scripted : IEnvironment
    {
        public Func<Exception>? Fails { get; init; }

        public double Reward { get; set; }

        public double Observation { get; set; }

        public EnvironmentSpec Spec { get; } = new("Scripted-test", null, null);

        public Space ObservationSpace { get; } = new BoxSpace(1, -1, 1);

        public Space ActionSpace { get; set; } = new BoxSpace(1, -1, 1);

        public void Reset(ulong? seed, Span<double> observation)
        {
            Fail();
            observation[0] = Observation;
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            Fail();
            observation[0] = Observation;
            return new StepResult(Reward, false, false);
        }

        public void Save(StateWriter writer)
        {
            Fail();
            writer.Write("reward", 1.0);
        }

        public void Load(StateReader reader) => Fail();

        public void Dispose() => Fail();

        private void Fail()
        {
            if (Fails is not null)
            {
                throw Fails();
            }
        }
    }

    private sealed class FullDisk : StateWriter
    {
        public override void Write(string key, long value) => throw Full();

        public override void Write(string key, ulong value) => throw Full();

        public override void Write(string key, double value) => throw Full();

        public override void Write(string key, bool value) => throw Full();

        public override void Write(string key, string value) => throw Full();

        public override void WriteArray(string key, ReadOnlySpan<float> values) => throw Full();

        public override void WriteArray(string key, ReadOnlySpan<double> values) => throw Full();

        public override void WriteArray(string key, ReadOnlySpan<long> values) => throw Full();

        public override void WriteArray(string key, ReadOnlySpan<byte> values) => throw Full();

        public override void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape) => throw Full();

        public override StateWriter Group(string key) => throw Full();

        private static IOException Full() => new("no space");
    }
}
