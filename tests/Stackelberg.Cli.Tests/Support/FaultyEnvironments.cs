using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Tests.Support;

public enum FaultyCall
{
    None,
    Constructor,
    Reset,
    Step,
    Save,
    Load,
    Dispose,
    Reward,
    Observation,
    Space,
    Bounds,
}

public enum FaultyKind
{
    Plain,
    File,
    Cancelled,
    Lines,
    Silent,
    Null,
    Own,
}

/// <summary>Options of Faulty-v0 and FaultyGame-v0: which call fails, how, and when.</summary>
public sealed record FaultyOptions
{
    [Option("the call that fails")]
    public FaultyCall Call { get; init; }

    [Option("what it throws")]
    public FaultyKind Kind { get; init; }

    [Option("steps of this environment before it fails", Minimum = 0)]
    public int After { get; init; } = 500;

    [Option("the reward or observation that is wrong")]
    public double Value { get; init; } = 1e39;

    [Option("whether only the first environment to fail in this folder does")]
    public bool Once { get; init; }

    [Option("half the width of the actions; 0 for discrete ones", Minimum = 0)]
    public double Width { get; init; } = 1;

    /// <summary>Whether it is time to fail: so many steps were taken, and for calls without steps, a run has begun.</summary>
    public bool IsDue(FaultyCall call, long steps)
    {
        if (call != Call || (steps >= 0 ? steps <= After : !Directory.Exists("runs")))
        {
            return false;
        }

        return !Once || TryMark();
    }

    public void FailIfDue(FaultyCall call, long steps)
    {
        if (IsDue(call, steps))
        {
            throw Kind switch
            {
                FaultyKind.File => new IOException("disk quota of the sensor"),
                FaultyKind.Cancelled => new OperationCanceledException("sensor cancelled"),
                FaultyKind.Lines => new InvalidOperationException("sensor\noffline\r\n  at last"),
                FaultyKind.Silent => new SensorException(),
                FaultyKind.Null => new SensorException(isNull: true),
                FaultyKind.Own => new EnvironmentException("sensor offline"),
                _ => new InvalidOperationException("sensor offline"),
            };
        }
    }

    private static bool TryMark()
    {
        try
        {
            new FileStream("failed-once", FileMode.CreateNew).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class SensorException(bool isNull = false) : Exception
    {
        public override string Message => isNull ? null! : base.Message;
    }
}

/// <summary>Brings Faulty-v0 and FaultyGame-v0, which fail as their options say.</summary>
public sealed class FaultyEnvironments : IEnvironmentPlugin, IMultiAgentPlugin
{
    public void Register(EnvironmentCatalogue catalogue)
    {
        EnvironmentSpec spec = new("Faulty-v0", 20, null) { Description = "Fails as told." };
        catalogue.Add(spec, new FaultyOptions(), o => new Faulty(spec, o));
    }

    public void Register(MultiAgentCatalogue catalogue)
    {
        EnvironmentSpec spec = new("FaultyGame-v0", 20, null) { Description = "Fails as told." };
        catalogue.Add(spec, new FaultyOptions(), o => new FaultyGame(spec, o));
    }

    private sealed class Faulty : IEnvironment
    {
        private readonly FaultyOptions options;
        private RandomStream random = RandomStream.FromSeed(0);
        private long steps;
        private bool running;

        public Faulty(EnvironmentSpec spec, FaultyOptions options)
        {
            options.FailIfDue(FaultyCall.Constructor, -1);
            (Spec, this.options) = (spec, options);
            ActionSpace = options.Width == 0 ? new DiscreteSpace(2) : new BoxSpace(1, -options.Width, options.Width);
        }

        public EnvironmentSpec Spec { get; }

        public Space ObservationSpace { get; } = new BoxSpace(1, -10, 10);

        public Space ActionSpace { get; private set; }

        public void Reset(ulong? seed, Span<double> observation)
        {
            options.FailIfDue(FaultyCall.Reset, steps);
            if (options.IsDue(FaultyCall.Space, steps))
            {
                ActionSpace = new BoxSpace(2, -1, 1);
            }

            if (options.IsDue(FaultyCall.Bounds, steps))
            {
                ActionSpace = new BoxSpace(1, -3, 3);
            }

            random = seed is { } s ? RandomStream.FromSeed(s).Split("environment") : random;
            running = true;
            observation[0] = random.NextUniform(-1, 1);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            if (!running)
            {
                throw EnvironmentException.NoEpisodeRunning(Spec.Id);
            }

            if (!ActionSpace.Contains(action))
            {
                throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
            }

            steps++;
            options.FailIfDue(FaultyCall.Step, steps);
            observation[0] = options.IsDue(FaultyCall.Observation, steps) ? options.Value : random.NextUniform(-1, 1);
            return new StepResult(options.IsDue(FaultyCall.Reward, steps) ? options.Value : 1, false, false);
        }

        public void Save(StateWriter writer)
        {
            options.FailIfDue(FaultyCall.Save, -1);
            writer.Write("random", random);
            writer.Write("running", running);
        }

        public void Load(StateReader reader)
        {
            options.FailIfDue(FaultyCall.Load, -1);
            reader.Read("random", random);
            running = reader.ReadBoolean("running");
        }

        public void Dispose() => options.FailIfDue(FaultyCall.Dispose, -1);
    }

    private sealed class FaultyGame : IMultiAgentEnvironment
    {
        private readonly FaultyOptions options;
        private readonly Faulty one;
        private readonly double[] other = new double[1];

        public FaultyGame(EnvironmentSpec spec, FaultyOptions options)
        {
            (Spec, this.options, one) = (spec, options, new Faulty(spec, options));
            Agents = Roster();
        }

        public EnvironmentSpec Spec { get; }

        public AgentRoster Agents { get; private set; }

        public void Reset(ulong? seed, Span<double> observations)
        {
            one.Reset(seed, observations[..1]);
            observations[1] = 0;
            Agents = Roster();
        }

        public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
        {
            Agents.RequireStep(Spec.Id, actions, observations, rewards);
            StepResult result = one.Step(actions[..1], observations[..1]);
            observations[1] = other[0];
            (rewards[0], rewards[1]) = (0, result.Reward);
            return new JointStepResult(result.Terminated, result.Truncated);
        }

        public void Save(StateWriter writer) => one.Save(writer);

        public void Load(StateReader reader) => one.Load(reader);

        public void Dispose() => one.Dispose();

        private AgentRoster Roster() => new(
            new AgentSpec("first", 0, one.ObservationSpace, one.ActionSpace), new AgentSpec("second", 1, one.ObservationSpace, new BoxSpace(1, -options.Width, options.Width)));
    }
}
