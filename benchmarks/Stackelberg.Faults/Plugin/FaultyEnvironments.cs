using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Faults.Plugin;

/// <summary>Options of the environments: where they go wrong, how, and after how many calls.</summary>
public sealed record FaultyOptions
{
    [Option("where to go wrong")]
    public Place Place { get; init; }

    [Option("how", Minimum = 0)]
    public int Fault { get; init; }

    [Option("calls that go well before", Minimum = 0)]
    public int After { get; init; }
}

/// <summary>Makes this assembly a plug-in: environments that go wrong where they are told to.</summary>
public sealed class FaultyEnvironments : IEnvironmentPlugin
{
    public const string Discrete = "Faulty-v0", Continuous = "FaultyBox-v0";

    /// <inheritdoc/>
    public void Register(EnvironmentCatalogue catalogue)
    {
        foreach (string id in (string[])[Discrete, Continuous])
        {
            EnvironmentSpec spec = new(id, 50, null) { Description = "Goes wrong where it is told to." };
            catalogue.Add(spec, new FaultyOptions(), options => new FaultyEnvironment(spec, options));
        }
    }

    private sealed class FaultyEnvironment : IEnvironment
    {
        private readonly FaultyOptions options;
        private readonly Space small = new BoxSpace(2, -10, 10), large = new BoxSpace(3, -10, 10), actions;
        private RandomStream random = RandomStream.FromSeed(0);
        private bool running;
        private long steps, resets;

        public FaultyEnvironment(EnvironmentSpec spec, FaultyOptions options)
        {
            (Spec, this.options) = (spec, options);
            actions = spec.Id == Discrete ? new DiscreteSpace(2) : new BoxSpace(1, -1, 1);
            ThrowIf(Place.Constructor);
        }

        public EnvironmentSpec Spec { get; }

        public Space ObservationSpace => HasChanged && options.Fault % 3 == 0 ? large : HasChanged && options.Fault % 3 == 1 ? null! : small;

        public Space ActionSpace => HasChanged && options.Fault % 3 == 2 ? new DiscreteSpace(5) : actions;

        private bool HasChanged => options.Place == Place.Spaces && resets > options.After;

        public void Reset(ulong? seed, Span<double> observation)
        {
            resets++;
            if (HasChanged)
            {
                Faulty.Note();
            }

            if (options.Place == Place.Reset && resets > options.After)
            {
                Faulty.Throw(options.Fault);
            }

            random = seed is { } value ? RandomStream.FromSeed(value).Split("environment") : random;
            running = true;
            Observe(observation);
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            if (!running)
            {
                throw EnvironmentException.NoEpisodeRunning(Spec.Id);
            }

            if (!actions.Contains(action))
            {
                throw EnvironmentException.InvalidAction(Spec.Id, actions, action);
            }

            bool late = ++steps > options.After;
            if (late && options.Place == Place.Step)
            {
                Faulty.Throw(options.Fault);
            }

            Observe(observation);
            if (late && options.Place == Place.Observation)
            {
                observation[options.Fault % 2] = options.Fault % 7 == 6 ? 50 : Faulty.Value(options.Fault);
            }

            bool ended = random.NextDouble() < 0.02;
            running = !ended;
            return new StepResult(late && options.Place == Place.Reward ? Faulty.Value(options.Fault) : observation[0], ended, false);
        }

        public void Save(StateWriter writer)
        {
            ThrowIf(Place.Save);
            writer.Write("random", random);
            writer.Write("running", running);
            writer.Write("steps", steps);
            writer.Write("resets", resets);
        }

        public void Load(StateReader reader)
        {
            ThrowIf(Place.Load);
            reader.Read("random", random);
            (running, steps, resets) = (reader.ReadBoolean("running"), reader.ReadInt64("steps"), reader.ReadInt64("resets"));
        }

        public void Dispose() => ThrowIf(Place.Dispose);

        private void Observe(Span<double> observation) => (observation[0], observation[1]) = (random.NextUniform(-1, 1), random.NextUniform(-1, 1));

        private void ThrowIf(Place place)
        {
            if (options.Place == place && Faulty.IsTime(place, options.After))
            {
                Faulty.Throw(options.Fault);
            }
        }
    }
}
