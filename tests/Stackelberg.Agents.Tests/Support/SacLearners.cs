using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Small double-precision SAC learners on <see cref="Drift"/> with a drawn batch, and plain loops of what they compute.</summary>
internal static class SacLearners
{
    public static NetworkOptions Network { get; } = OffPolicyOptions.Wide([5, 4]) with { Activation = Activation.Tanh };

    public static AlgorithmContext Context() => new(new Drift(discrete: false, 30), RandomStream.FromSeed(5), 10_000, 1);

    public static TOptions Small<TOptions>(TOptions options)
        where TOptions : OffPolicyOptions =>
        options with { Actor = Network, Critic = Network, BatchSize = 64, BufferSize = 600, Precision = Precision.Double };

    public static Sac<double> Prepared(SacOptions options)
    {
        var sac = new Sac<double>(Context(), Small(options));
        sac.Replay.Collect(500, new RecordingSink());
        sac.Replay.Sample();
        return sac;
    }

    public static ReparameterisedActor<double> Actor(this Sac<double> sac) => (ReparameterisedActor<double>)sac.Policy;

    public static IReadOnlyList<QNetwork<double>> Critics(this Sac<double> sac) => sac.Objectives.Critics.Networks;

    public static MlpLayout CriticLayout(this Sac<double> sac) => sac.Objectives.Critics.Layout;

    public static ReplayBatch<double> Batch(this Sac<double> sac) => sac.Objectives.Batch;

    /// <summary>Plays a round on the batch.</summary>
    public static void Play(this Sac<double> sac) => sac.Round.Play(sac.Steps, new TrainingClock(), new RecordingSink());

    /// <summary>y ← the targets, with the next draws of the noise.</summary>
    public static void TakeTargets(this Sac<double> sac) => sac.Objectives.Linearise(Asked.CriticGradient);

    /// <summary>f₁ of the actor, with the next draws of the noise. Leaves its gradient in the actor.</summary>
    public static double ActorLossGradient(this Sac<double> sac)
    {
        sac.Objectives.Linearise(Asked.ActorGradient);
        return sac.Objectives.ActorGradient(sac.Objectives.Actor.Gradient.Span);
    }

    /// <summary>L = Σ_k mean (Q_k − y)² at the targets taken last. Leaves its gradient in the critics.</summary>
    public static double CriticLossGradient(this Sac<double> sac) =>
        sac.Critics().Count * sac.Objectives.CriticGradient(sac.Objectives.Critic.Gradient.Span);

    /// <summary>In how many rows the first critic is the smaller one at the actor's actions, after <see cref="ActorLossGradient"/>.</summary>
    public static int RowsOfFirst(this Sac<double> sac)
    {
        Matrix<double> first = sac.Critics()[0].AtPolicy.Outputs, second = sac.Critics()[1].AtPolicy.Outputs;
        return Enumerable.Range(0, sac.Batch().Rows).Count(i => first[i, 0] <= second[i, 0]);
    }

    /// <summary>Levels the twins and their targets, so that either is the smaller one in some rows.</summary>
    public static void Level(Sac<double> sac)
    {
        QNetwork<double> other = sac.Critics()[1];
        MlpLayout layout = sac.CriticLayout();
        NoiseBlocks noise = Noise(sac);
        double gap = Enumerable.Range(0, sac.Batch().Rows).Average(i =>
        {
            double[] observation = sac.Batch().NextObservations.Row(i).ToArray();
            double[] input = [.. observation, .. Draw(sac, observation, noise).Action];
            return Value(layout, other.Target, input) - Value(layout, sac.Critics()[0].Target, input);
        });
        int bias = layout.Bias(layout.Layers - 1).Offset;
        other.Target[bias] -= gap;
        other.Parameters[bias] -= gap;
    }

    /// <summary>Puts the noise back to its start, so that the next draws are those of the first time.</summary>
    public static void Rewind(Sac<double> sac) => MemoryState.Of(RandomStream.FromSeed(5).Split("smoothing")).Restore(sac.Objectives.Noise);

    /// <summary>The noise of the learner from its start.</summary>
    public static NoiseBlocks Noise(Sac<double> sac) => new(RandomStream.FromSeed(5).Split("smoothing"), sac.Batch().Rows * sac.Actor().ActionSize);

    /// <summary>An action on the box of ±1 and its log-probability, written as in the paper's appendix.</summary>
    public static (double[] Action, double LogProbability) Draw(Sac<double> sac, double[] observation, NoiseBlocks noise)
    {
        double[] output = PlainNetwork.Evaluate(sac.Actor().Layout, sac.Actor().Parameters, observation);
        double[] action = new double[output.Length / 2];
        double logProbability = 0;
        for (int j = 0; j < action.Length; j++)
        {
            double epsilon = noise.Next();
            double deviation = Math.Exp(Math.Clamp(output[action.Length + j], -20, 2));
            action[j] = Math.Tanh(output[j] + (deviation * epsilon));
            logProbability += Math.Log(Math.Exp(-epsilon * epsilon / 2) / (deviation * Math.Sqrt(2 * Math.PI)));
            logProbability -= Math.Log(1 - (action[j] * action[j]));
        }

        return (action, logProbability);
    }

    public static double Value(MlpLayout layout, FlatVector<double> parameters, double[] input) => PlainNetwork.Evaluate(layout, parameters, input)[0];

    /// <summary>Central differences of some numbers by every parameter; one array of derivatives for each number.</summary>
    public static double[][] Differences(FlatVector<double> parameters, MlpLayout layout, Func<double[]> numbers)
    {
        double[][] result = [.. numbers().Select(_ => new double[parameters.Length])];
        CoordinateMap coordinates = layout.Parameters.Coordinates;
        for (int i = 0; i < coordinates.Count; i++)
        {
            int position = coordinates[i];
            double kept = parameters[position];
            parameters[position] = kept + 1e-5;
            double[] above = numbers();
            parameters[position] = kept - 1e-5;
            double[] below = numbers();
            parameters[position] = kept;
            for (int n = 0; n < result.Length; n++)
            {
                result[n][position] = (above[n] - below[n]) / 2e-5;
            }
        }

        return result;
    }
}
