using System.Numerics;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Faults.Plugin;

/// <summary>Makes this assembly a plug-in: an algorithm and a linear solver that go wrong where they are told to.</summary>
public sealed class FaultyMethods : IAlgorithmPlugin, ISolverPlugin, ILinearSolverFactory
{
    public const string Algorithm = "faulty", Solver = "faulty-solver";

    /// <inheritdoc/>
    public void Register(AlgorithmCatalogue catalogue) => catalogue.Add(new AlgorithmDescriptor
    {
        Id = Algorithm,
        Title = "Going wrong",
        Summary = "Goes wrong where it is told to.",
        References = ["none"],
        OptionsType = typeof(FaultyOptions),
        Create = static (context, options) => new Learner(context.Environment, (FaultyOptions)options),
    });

    /// <inheritdoc/>
    public void Register(SolverCatalogue catalogue) =>
        catalogue.Add(new SolverDescriptor(Solver, "breaks at its tenth solve, by the kind that rank says", OperatorProperties.None, NeedsTransposed: false, [nameof(SolverOptions.Rank)], "", this));

    /// <inheritdoc/>
    public ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Breaking<T>(options.Rank);

    private sealed class Breaking<T>(int kind) : ILinearSolver<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private int solves;

        public string Name => Solver;

        public OperatorProperties Requires => OperatorProperties.None;

        public LinearSolution Solve(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
        {
            if (++solves == 10)
            {
                Faulty.Throw(kind);
            }

            b.CopyTo(x);
            return new LinearSolution(SolveStatus.Approximated, 0, 0.5, double.NaN, damping);
        }
    }

    private sealed class Learner : IAlgorithm, IPolicy
    {
        private readonly IEnvironment environment;
        private readonly FaultyOptions options;
        private readonly double[] observation, action;

        public Learner(IEnvironment environment, FaultyOptions options)
        {
            (this.environment, this.options) = (environment, options);
            (observation, action) = (new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
            ThrowIf(Place.Constructor);
            environment.Reset(1, observation);
        }

        public long Steps { get; private set; }

        public long Iterations { get; private set; }

        public TrainingClock Clock { get; } = new();

        public IPolicy Policy => this;

        public IReadOnlyList<(string Network, int Parameters)> Networks => [("none", 0)];

        public void Iterate(long maximumSteps, ITrainingSink sink)
        {
            ThrowIf(Place.Step);
            for (long last = Steps + Math.Min(maximumSteps, 20); Steps < last; Steps++)
            {
                if (environment.Step(action, observation).Ended)
                {
                    sink.Episode(new EpisodeSummary(Steps, 0, 1, true));
                    environment.Reset(null, observation);
                }
            }

            Iterations++;
        }

        public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
        {
            ThrowIf(Place.Act);
            action.Clear();
        }

        public void Save(StateWriter writer)
        {
            ThrowIf(Place.Save);
            writer.Write("steps", Steps);
            writer.Write("iterations", Iterations);
            writer.Write("environment", environment);
            writer.WriteArray("observation", observation);
        }

        public void Load(StateReader reader)
        {
            ThrowIf(Place.Load);
            (Steps, Iterations) = (reader.ReadInt64("steps"), reader.ReadInt64("iterations"));
            reader.Read("environment", environment);
            reader.ReadArray("observation", observation);
        }

        public void Dispose()
        {
            environment.Dispose();
            ThrowIf(Place.Dispose);
        }

        private void ThrowIf(Place place)
        {
            if (options.Place == place && Faulty.IsTime(place, options.After))
            {
                Faulty.Throw(options.Fault);
            }
        }
    }
}
