using System.Numerics;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Policies;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Small double-precision learners on <see cref="Drift"/>, with one rollout collected and both players evaluated on it.</summary>
internal static class Learners
{
    public static ActorCritic<double> Prepared(AcOptions options, bool discrete = true, ulong seed = 5, int limit = 11)
    {
        ActorCritic<double> stac = Create(options, discrete, seed, limit);
        stac.Fill(options.StepsPerIteration, new RecordingSink());
        stac.Round.Problem.Linearise();
        return stac;
    }

    public static ActorCritic<double> Create(AcOptions options, bool discrete = true, ulong seed = 5, int limit = 11) =>
        new(new AlgorithmContext(new Drift(discrete, limit), RandomStream.FromSeed(seed), 100_000, 1), options);

    /// <summary>A tiny problem whose critic has fewer parameters (13) than the rollout has steps; the actor leads.</summary>
    public static AcOptions Small(ActorCriticForm form = ActorCriticForm.Official) => new()
    {
        Form = form,
        Precision = Precision.Double,
        StepsPerIteration = 60,
        Actor = new ActorOptions { Hidden = [4] },
        Critic = new CriticOptions { Hidden = [3] },
        Leading = new LeaderOptions
        {
            Leader = LeaderRole.Actor,
            Hypergradient = new HypergradientOptions { Solver = "cg", Iterations = 400, Tolerance = 1e-13, Guard = false },
        },
    };

    /// <summary>The same with another leader.</summary>
    public static AcOptions Led(this AcOptions options, LeaderRole leader) => options with { Leading = options.Leading with { Leader = leader } };

    /// <summary>The same with another hypergradient.</summary>
    public static AcOptions Changed(this AcOptions options, Func<HypergradientOptions, HypergradientOptions> change) =>
        options with { Leading = options.Leading with { Hypergradient = change(options.Leading.Hypergradient) } };

    public static StochasticActor<T> Actor<T>(this ActorCritic<T> stac)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (StochasticActor<T>)stac.Policy;

    /// <summary>The leader's total derivative on the rollout.</summary>
    public static FlatVector<double> Gradient(ActorCritic<double> stac, RecordingSink? sink = null)
    {
        var gradient = new FlatVector<double>(stac.Round.Problem.LeaderDimension);
        stac.Round.Problem.Linearise();
        stac.Round.Leader!.TotalDerivative(stac.Round.Problem, stac.Steps, gradient.Span, new TrainingClock(), sink ?? new RecordingSink());
        return gradient;
    }

    /// <summary>The leader's own gradient on the rollout.</summary>
    public static FlatVector<double> Direct(ActorCritic<double> stac)
    {
        var gradient = new FlatVector<double>(stac.Round.Problem.LeaderDimension);
        stac.Round.Problem.Linearise();
        stac.Round.Problem.DirectGradient(gradient.Span);
        return gradient;
    }

    public static double RelativeError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }

        return Math.Sqrt(difference / size);
    }
}
