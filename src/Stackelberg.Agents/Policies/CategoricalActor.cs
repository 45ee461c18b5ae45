using System.Numerics;
using Stackelberg.Agents.Internals;
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
    private readonly double[] table;
    private readonly double[] logSums;
    private readonly Matrix<T> tangents;
    private readonly int[] chosen;

    /// <summary>An actor with <paramref name="count"/> actions.</summary>
    public CategoricalActor(int observationSize, int count, ActorOptions options, int maximumRows, RowParallelism? parallelism)
        : base(new MlpLayout(observationSize, options.Hidden, count, options.Activation), maximumRows, parallelism)
    {
        this.count = count;
        probabilities = new double[count];
        table = new double[maximumRows * count];
        logSums = new double[maximumRows];
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
            into[i] = Widths.Widen(Linearisation.Outputs.Row(i)[Index(actions, i)]) - logSums[i];
        }
    }

    /// <inheritdoc/>
    public override void Score(Matrix<T> actions, ReadOnlySpan<double> weights, FlatVector<T> gradient, double entropyWeight = 0)
    {
        // ∂ log softmax(z)_a / ∂z = onehot(a) − p ; ∂H / ∂z_j = −p_j (log p_j + H)
        int rows = Linearisation.Rows;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> p = Probabilities(i);
            Span<T> cotangent = Cotangents.Row(i);
            int taken = Index(actions, i);
            for (int j = 0; j < count; j++)
            {
                cotangent[j] = Widths.Narrow<T>(weights[i] * ((j == taken ? 1.0 : 0.0) - p[j]));
            }

            if (entropyWeight != 0)
            {
                double entropy = EntropyOf(i);
                ReadOnlySpan<T> logits = Linearisation.Outputs.Row(i);
                for (int j = 0; j < count; j++)
                {
                    double log = Widths.Widen(logits[j]) - logSums[i];
                    cotangent[j] -= Widths.Narrow<T>(entropyWeight / rows * p[j] * (log + entropy));
                }
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
            ReadOnlySpan<double> p = Probabilities(i);
            ReadOnlySpan<T> tangent = tangents.Row(i);
            double product = Widths.Widen(tangent[Index(actions, i)]);
            for (int j = 0; j < count; j++)
            {
                product -= p[j] * Widths.Widen(tangent[j]);
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
    public override Variable RecordMeanEntropy(Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, int rows) =>
        tape.Mean(tape.CategoricalEntropy(RecordNetwork(tape, parameters, observations, rows)));

    /// <inheritdoc/>
    public override double MeanEntropy()
    {
        double sum = 0;
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            sum += EntropyOf(i);
        }

        return sum / Linearisation.Rows;
    }

    /// <inheritdoc/>
    protected override void AfterEvaluate()
    {
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            logSums[i] = Softmax(Linearisation.Outputs.Row(i), table.AsSpan(i * count, count));
        }
    }

    /// <inheritdoc/>
    protected override void Choose(ReadOnlySpan<T> output, Span<double> action, PolicyMode mode, RandomStream random)
    {
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
            Softmax(output, probabilities);
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

    private ReadOnlySpan<double> Probabilities(int row) => table.AsSpan(row * count, count);

    private double EntropyOf(int row)
    {
        double entropy = 0;
        ReadOnlySpan<T> logits = Linearisation.Outputs.Row(row);
        ReadOnlySpan<double> p = Probabilities(row);
        for (int j = 0; j < count; j++)
        {
            entropy -= p[j] * (Widths.Widen(logits[j]) - logSums[row]);
        }

        return entropy;
    }

    /// <summary>result ← softmax(logits). Returns log Σ exp.</summary>
    private static double Softmax(ReadOnlySpan<T> logits, Span<double> result)
    {
        double maximum = double.NegativeInfinity;
        foreach (T logit in logits)
        {
            maximum = Math.Max(maximum, Widths.Widen(logit));
        }

        double sum = 0;
        for (int j = 0; j < result.Length; j++)
        {
            result[j] = Math.Exp(Widths.Widen(logits[j]) - maximum);
            sum += result[j];
        }

        for (int j = 0; j < result.Length; j++)
        {
            result[j] /= sum;
        }

        return maximum + Math.Log(sum);
    }
}
