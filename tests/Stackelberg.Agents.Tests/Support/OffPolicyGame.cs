using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>
/// A small off-policy learner in double precision, with a batch drawn: its objectives as plain functions of both players' parameters, for finite
/// differences. Noise is the same in every evaluation.
/// </summary>
internal sealed class OffPolicyGame : IDisposable
{
    public static readonly OffPolicyNetworkOptions Network = new() { Hidden = [5, 4], Activation = Activation.Tanh };

    private readonly MemoryState noise;

    private OffPolicyGame(OffPolicyLearner<double> learner, IStackelbergOptions choice)
    {
        (Learner, Choice) = (learner, choice);
        learner.Collect(400, new RecordingSink());
        learner.Sample();
        // the first draws of the noise are those that every evaluation gets
        noise = MemoryState.Of(learner.NoiseStream);
        Refresh();
    }

    public OffPolicyLearner<double> Learner { get; }

    /// <summary>The options it was made with.</summary>
    public IStackelbergOptions Choice { get; }

    public IReadOnlyList<QCritic<double>> Critics => Learner.Critics;

    public static OffPolicyGame Of(string id, Func<OffPolicyOptions, OffPolicyOptions>? change = null, int batch = 24)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        OffPolicyOptions options = (OffPolicyOptions)descriptor.CreateOptions() with
        {
            Actor = Network,
            Critic = Network,
            BatchSize = batch,
            BufferSize = 600,
            Precision = Precision.Double,
        };
        var environment = new Drift(discrete: false, 30) { ActionSpace = new BoxSpace([-2, -0.5], [1, 1.5]) };
        options = change?.Invoke(options) ?? options;
        var context = new AlgorithmContext(environment, RandomStream.FromSeed(5), 10_000, 1);
        return new OffPolicyGame((OffPolicyLearner<double>)descriptor.Create(context, options), (IStackelbergOptions)options);
    }

    /// <summary>Brings targets, all critics' gradients and the actor's gradient to the present parameters.</summary>
    public void Refresh()
    {
        Rewind();
        Learner.ActorLossGradient();
    }

    /// <summary>As <see cref="Refresh"/> but for the actor's loss, whose noise is then the next to be drawn.</summary>
    public void Rewind()
    {
        RestoreNoise();
        Learner.BellmanTargets();
        Learner.CriticGradients(fix: true);
    }

    public void RestoreNoise() => noise.Restore(Learner.NoiseStream);

    /// <summary>f of the actor's step: mean (α log π − min Q).</summary>
    public double ActorLoss()
    {
        RestoreNoise();
        Learner.BellmanTargets();
        return Learner.ActorLossGradient();
    }

    /// <summary>Σ_k mean (Q_k(s, a) − y_θ)².</summary>
    public double BellmanLoss()
    {
        RestoreNoise();
        Learner.BellmanTargets();
        return Critics.Count * Learner.CriticGradients();
    }

    /// <summary>Σ_k mean (Q_k(s, a_θ(s)) − y)² over the critics of the actor's loss, at given y.</summary>
    public double PolicyLoss(double[] targets)
    {
        ActorLoss();
        double sum = 0;
        for (int k = 0; k < Learner.ActorCritics; k++)
        {
            sum += Critics[k].LossGradient(Learner.PolicyInputs, targets, Learner.Batch.Rows);
        }

        return sum;
    }

    /// <summary>The gradient that the last loss left in the critics, one after the other.</summary>
    public double[] CriticGradient(int count) => [.. Critics.Take(count).SelectMany(c => c.Gradient.Span.ToArray())];

    /// <summary>Central differences of a vector-valued function along the coordinates of a parameter vector.</summary>
    public static double[] Differences(FlatVector<double> parameters, CoordinateMap coordinates, Func<double> value, double step = 1e-5)
    {
        double[] result = new double[parameters.Length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            int position = coordinates[i];
            double kept = parameters[position];
            parameters[position] = kept + step;
            double above = value();
            parameters[position] = kept - step;
            double below = value();
            parameters[position] = kept;
            result[position] = (above - below) / (2 * step);
        }

        return result;
    }

    /// <summary>A random direction with zero padding.</summary>
    public static double[] Direction(CoordinateMap coordinates, int length, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        double[] result = new double[length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            result[coordinates[i]] = random.NextNormal();
        }

        return result;
    }

    public void Dispose() => Learner.Dispose();
}
