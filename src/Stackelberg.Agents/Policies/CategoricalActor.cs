using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>π(a | s) = softmax(logits(s))_a over a finite set of actions.</summary>
public sealed class CategoricalActor<T> : StochasticActor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int count;
    private readonly double[] probabilities;
    private readonly Matrix<T> tangents;
    private readonly int[] chosen;

    /// <summary>An actor with <paramref name="count"/> actions.</summary>
    public CategoricalActor(int observationSize, int count, ActorOptions options, int maximumRows, RowParallelism? parallelism)
        : base(new MlpLayout(observationSize, options.Hidden, count, options.Activation), maximumRows, parallelism)
    {
        this.count = count;
        probabilities = new double[count];
        tangents = new Matrix<T>(maximumRows, count);
        chosen = new int[maximumRows];
    }

    /// <inheritdoc/>
    public override int ActionSize => 1;

    /// <inheritdoc/>
    public override void LogProbabilities(Matrix<T> actions, Span<double> into)
    {
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            ReadOnlySpan<T> logits = Linearisation.Outputs.Row(i);
            double logSum = Softmax(logits);
            into[i] = double.CreateTruncating(logits[Index(actions, i)]) - logSum;
        }
    }

    /// <inheritdoc/>
    public override void Score(Matrix<T> actions, ReadOnlySpan<double> weights, FlatVector<T> gradient)
    {
        // ∂ log softmax(z)_a / ∂z = onehot(a) − softmax(z)
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            Softmax(Linearisation.Outputs.Row(i));
            Span<T> cotangent = Cotangents.Row(i);
            int taken = Index(actions, i);
            for (int j = 0; j < count; j++)
            {
                cotangent[j] = T.CreateTruncating(weights[i] * ((j == taken ? 1.0 : 0.0) - probabilities[j]));
            }
        }

        Linearisation.Vjp(Cotangents, gradient);
    }

    /// <inheritdoc/>
    public override void ScoreProducts(Matrix<T> actions, ReadOnlySpan<T> direction, Span<double> into)
    {
        Linearisation.Jvp(direction, tangents);
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            Softmax(Linearisation.Outputs.Row(i));
            ReadOnlySpan<T> tangent = tangents.Row(i);
            double product = double.CreateTruncating(tangent[Index(actions, i)]);
            for (int j = 0; j < count; j++)
            {
                product -= probabilities[j] * double.CreateTruncating(tangent[j]);
            }

            into[i] = product;
        }
    }

    /// <inheritdoc/>
    public override Variable RecordLogProbabilities(
        Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, Matrix<T> actions, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            chosen[i] = Index(actions, i);
        }

        Variable logits = RecordNetwork(tape, parameters, observations, rows);
        return tape.Gather(tape.LogSoftmax(logits), chosen.AsSpan(0, rows));
    }

    /// <inheritdoc/>
    public override double MeanEntropy()
    {
        double sum = 0;
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            Softmax(Linearisation.Outputs.Row(i));
            foreach (double p in probabilities)
            {
                sum -= p > 0 ? p * Math.Log(p) : 0;
            }
        }

        return sum / Linearisation.Rows;
    }

    /// <inheritdoc/>
    protected override void Choose(ReadOnlySpan<T> output, Span<double> action, PolicyMode mode, RandomStream random)
    {
        Softmax(output);
        int best = 0;
        if (mode == PolicyMode.Greedy)
        {
            for (int j = 1; j < count; j++)
            {
                best = output[j] > output[best] ? j : best;
            }
        }
        else
        {
            double u = random.NextDouble();
            double sum = probabilities[0];
            while (u >= sum && best < count - 1)
            {
                sum += probabilities[++best];
            }
        }

        action[0] = best;
    }

    private static int Index(Matrix<T> actions, int row) => int.CreateTruncating(actions.Row(row)[0]);

    /// <summary>Leaves softmax(logits) in <see cref="probabilities"/> and returns log Σ exp.</summary>
    private double Softmax(ReadOnlySpan<T> logits)
    {
        double maximum = double.NegativeInfinity;
        foreach (T logit in logits)
        {
            maximum = Math.Max(maximum, double.CreateTruncating(logit));
        }

        double sum = 0;
        for (int j = 0; j < count; j++)
        {
            probabilities[j] = Math.Exp(double.CreateTruncating(logits[j]) - maximum);
            sum += probabilities[j];
        }

        for (int j = 0; j < count; j++)
        {
            probabilities[j] /= sum;
        }

        return maximum + Math.Log(sum);
    }
}
