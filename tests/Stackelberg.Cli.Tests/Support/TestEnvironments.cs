using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Tests.Support;

/// <summary>Makes this assembly a plug-in: environments that misbehave in one way each.</summary>
public sealed class TestEnvironments : IEnvironmentPlugin
{
    public void Register(EnvironmentCatalogue catalogue)
    {
        Add(catalogue, "NanReward-v0", step => step == 150 ? double.NaN : 1);
        Add(catalogue, "Slow-v0", step =>
        {
            Thread.Sleep(1);
            return step % 3;
        });
        Add(catalogue, "Marking-v0", _ =>
        {
            // says that training, not the check before it, is under way
            if (Directory.Exists("runs"))
            {
                File.WriteAllText("started", "");
            }

            Thread.Sleep(1);
            return 1;
        });
        Add(catalogue, "Sound-v0", step => step % 3);
        catalogue.Add(
            new EnvironmentSpec("Unmakeable-v0", 200, null) { Description = "A test environment." },
            () => throw new InvalidOperationException("no licence for this world"));
        double count = 0;
        Add(catalogue, "Unseeded-v0", _ => ++count);
        EnvironmentSpec optional = new("Optional-v0", 50, null) { Description = "A test environment with options." };
        catalogue.Add(optional, new OptionalOptions(), o => new Walk(optional, _ => o.Reward));
    }

    private static void Add(EnvironmentCatalogue catalogue, string id, Func<int, double> reward)
    {
        EnvironmentSpec spec = new(id, 200, null) { Description = "A test environment." };
        catalogue.Add(spec, () => new Walk(spec, reward));
    }

    /// <summary>Options of Optional-v0; its setter is stricter than its attribute.</summary>
    private sealed record OptionalOptions
    {
        [Option("reward of every step", Minimum = 0)]
        public double Reward { get; init => field = value < 100 ? value : throw new ArgumentOutOfRangeException(nameof(Reward), "too generous"); } = 1;
    }

    /// <summary>A counter that moves left or right; rewards are a function of the step in the episode.</summary>
    private sealed class Walk(EnvironmentSpec spec, Func<int, double> reward) : IEnvironment
    {
        private RandomStream random = RandomStream.FromSeed(1);
        private double position;
        private int steps;

        public EnvironmentSpec Spec => spec;

        public Space ObservationSpace { get; } = new BoxSpace([-100.0], [100.0]);

        public Space ActionSpace { get; } = new DiscreteSpace(2);

        public void Reset(ulong? seed, Span<double> observation)
        {
            random = seed is { } s ? RandomStream.FromSeed(s) : random;
            position = random.NextUniform(-1, 1);
            steps = 0;
            observation[0] = position;
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            if (!ActionSpace.Contains(action))
            {
                throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
            }

            position += action[0] == 0 ? -0.1 : 0.1;
            observation[0] = position;
            return new StepResult(reward(++steps), false, false);
        }

        public void Save(StateWriter writer)
        {
            writer.Write("position", position);
            writer.Write("steps", steps);
            writer.Write("random", random);
        }

        public void Load(StateReader reader)
        {
            position = reader.ReadDouble("position");
            steps = (int)reader.ReadInt64("steps");
            reader.Read("random", random);
        }

        public void Dispose()
        {
        }
    }
}
