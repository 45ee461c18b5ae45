using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>
/// π(a | s) = N(μ(s), diag σ²) with a log σ that does not depend on the observation. Actions are not squashed; log-probabilities are those of
/// the action drawn, also where the environment is given its clipped version.
/// </summary>
public sealed class GaussianActor<T> : StochasticActor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);
    private readonly int size;
    private readonly BoxSpace space;
    private readonly bool clip;
    private readonly ParameterBlock logStd;
    private readonly double[] inverseVariance;
    private readonly Matrix<T> tangents;
    private double constant;

    /// <summary>An actor for a box of actions.</summary>
    public GaussianActor(int observationSize, BoxSpace space, ActorOptions options, int maximumRows, RowParallelism? parallelism)
        : base(
            new MlpLayout(observationSize, options.Hidden, space.Size, options.Activation, Activation.Identity, ("log_std", 1, space.Size)),
            maximumRows,
            parallelism)
    {
        size = space.Size;
        this.space = space;
        clip = options.ClipActions;
        logStd = Layout.Parameters["log_std"];
        inverseVariance = new double[size];
        tangents = new Matrix<T>(maximumRows, size);
    }

    /// <inheritdoc/>
    public override int ActionSize => size;

    private Span<T> LogStd => Parameters.Span.Slice(logStd.Offset, size);

    /// <inheritdoc/>
    public override void ToEnvironment(Span<double> action)
    {
        for (int j = 0; clip && j < size; j++)
        {
            action[j] = Math.Clamp(action[j], space.Low[j], space.High[j]);
        }
    }

    /// <inheritdoc/>
    public override void LogProbabilities(Matrix<T> actions, Span<double> into)
    {
        ReadOnlySpan<T> means = Linearisation.Outputs.Span, drawn = actions.Span;
        int meanStride = Linearisation.Outputs.Stride, actionStride = actions.Stride;
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            ReadOnlySpan<T> mean = means.Slice(i * meanStride, size), action = drawn.Slice(i * actionStride, size);
            double sum = constant;
            for (int j = 0; j < mean.Length; j++)
            {
                double difference = Widths.Widen(action[j] - mean[j]);
                sum -= 0.5 * difference * difference * inverseVariance[j];
            }

            into[i] = sum;
        }
    }

    /// <inheritdoc/>
    public override void Score(Matrix<T> actions, ReadOnlySpan<double> weights, FlatVector<T> gradient, double entropyWeight = 0)
    {
        // ∂ log π/∂μ = (a − μ)/σ² ; ∂ log π/∂ log σ = (a − μ)²/σ² − 1 ; ∂H/∂ log σ = 1
        Span<double> logStdGradient = stackalloc double[size];
        ReadOnlySpan<T> means = Linearisation.Outputs.Span, drawn = actions.Span;
        Span<T> cotangents = Cotangents.Span;
        int meanStride = Linearisation.Outputs.Stride, actionStride = actions.Stride;
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            ReadOnlySpan<T> mean = means.Slice(i * meanStride, size), action = drawn.Slice(i * actionStride, size);
            Span<T> cotangent = cotangents.Slice(i * meanStride, size);
            double weight = weights[i];
            for (int j = 0; j < mean.Length; j++)
            {
                double difference = Widths.Widen(action[j] - mean[j]);
                double scaled = difference * inverseVariance[j];
                cotangent[j] = Widths.Narrow<T>(weight * scaled);
                logStdGradient[j] += weight * ((difference * scaled) - 1);
            }
        }

        Linearisation.Vjp(Cotangents, gradient);
        for (int j = 0; j < size; j++)
        {
            gradient[logStd.Offset + j] = Widths.Narrow<T>(logStdGradient[j] + entropyWeight);
        }
    }

    /// <inheritdoc/>
    public override void ScoreProducts(Matrix<T> actions, ReadOnlySpan<T> direction, Span<double> into)
    {
        Linearisation.Jvp(direction, tangents);
        ReadOnlySpan<T> logStdTangent = direction.Slice(logStd.Offset, size);
        for (int i = 0; i < Linearisation.Rows; i++)
        {
            ReadOnlySpan<T> mean = Linearisation.Outputs.Row(i);
            ReadOnlySpan<T> action = actions.Row(i);
            ReadOnlySpan<T> tangent = tangents.Row(i);
            double product = 0;
            for (int j = 0; j < size; j++)
            {
                double difference = Widths.Widen(action[j] - mean[j]);
                double scaled = difference * inverseVariance[j];
                product += scaled * Widths.Widen(tangent[j]);
                product += ((difference * scaled) - 1) * Widths.Widen(logStdTangent[j]);
            }

            into[i] = product;
        }
    }

    /// <inheritdoc/>
    public override Variable RecordLogProbabilities(
        Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, Matrix<T> actions, int rows)
    {
        Variable scale = parameters[^1];
        Variable difference = tape.Subtract(tape.Leaf(actions, rows), RecordNetwork(tape, parameters, observations, rows));
        Variable standard = tape.Multiply(difference, tape.BroadcastRow(tape.Exp(tape.Negate(scale)), rows));
        Variable quadratic = tape.Scale(tape.SumOverColumns(tape.Square(standard)), -0.5);
        Variable constant = tape.Affine(tape.Sum(scale), -1, -size * HalfLogTwoPi);
        return tape.Add(quadratic, tape.BroadcastScalar(constant, rows, 1));
    }

    /// <inheritdoc/>
    public override Variable RecordMeanEntropy(Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, int rows) =>
        tape.Affine(tape.Sum(parameters[^1]), 1, size * (HalfLogTwoPi + 0.5));

    /// <inheritdoc/>
    public override double MeanEntropy()
    {
        double sum = 0;
        foreach (T value in LogStd)
        {
            sum += Widths.Widen(value) + HalfLogTwoPi + 0.5;
        }

        return sum;
    }

    /// <inheritdoc/>
    protected override void InitialiseDistribution(ActorOptions options) => LogStd.Fill(Widths.Narrow<T>(options.LogStd));

    /// <inheritdoc/>
    protected override void Choose(ReadOnlySpan<T> output, Span<double> action, PolicyMode mode, RandomStream random)
    {
        Span<T> scale = LogStd;
        for (int j = 0; j < size; j++)
        {
            double mean = Widths.Widen(output[j]);
            action[j] = mode == PolicyMode.Greedy ? mean : mean + (Math.Exp(Widths.Widen(scale[j])) * random.NextNormal());
        }
    }

    /// <summary>Refreshes 1/σ² and the constant part of the log-probability.</summary>
    protected override void AfterEvaluate()
    {
        constant = 0;
        Span<T> scale = LogStd;
        for (int j = 0; j < size; j++)
        {
            double value = Widths.Widen(scale[j]);
            inverseVariance[j] = Math.Exp(-2 * value);
            constant -= value + HalfLogTwoPi;
        }
    }
}
