using Stackelberg.Agents.Algorithms;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Small double-precision learners on <see cref="Drift"/>, with one rollout collected and prepared.</summary>
internal static class Learners
{
    public static Stac<double> Prepared(StacOptions options, bool discrete = true, ulong seed = 5, int limit = 11)
    {
        Stac<double> stac = Create(options, discrete, seed, limit);
        stac.Collect(options.StepsPerIteration, new RecordingSink());
        stac.Prepare();
        return stac;
    }

    public static Stac<double> Create(StacOptions options, bool discrete = true, ulong seed = 5, int limit = 11) =>
        new(new AlgorithmContext(new Drift(discrete, limit), RandomStream.FromSeed(seed), 100_000, 1), options);

    /// <summary>A tiny problem whose critic has fewer parameters (13) than the rollout has steps.</summary>
    public static StacOptions Small(ActorCriticForm form = ActorCriticForm.Official) => new()
    {
        Form = form,
        Precision = Precision.Double,
        StepsPerIteration = 60,
        Actor = new ActorOptions { Hidden = [4] },
        Critic = new CriticOptions { Hidden = [3] },
        Hypergradient = new HypergradientOptions { Solver = "cg", Iterations = 400, Tolerance = 1e-13, Guard = false },
    };

    public static FlatVector<double> Gradient(Stac<double> stac, RecordingSink? sink = null)
    {
        var gradient = new FlatVector<double>(stac.Actor.Parameters.Length);
        stac.ActorGradient(gradient, sink ?? new RecordingSink());
        return gradient;
    }

    public static FlatVector<double> Direct(Stac<double> stac)
    {
        var gradient = new FlatVector<double>(stac.Actor.Parameters.Length);
        stac.DirectGradient(gradient);
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
