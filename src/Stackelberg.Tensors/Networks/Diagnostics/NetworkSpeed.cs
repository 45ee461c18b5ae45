using System.Diagnostics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Networks.Diagnostics;

/// <summary>How fast one operation ran on one thread.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Microseconds">The shortest of the repeats; longer ones were disturbed.</param>
/// <param name="GigaflopsPerSecond">Floating-point operations that the mathematics needs, padding not counted, per second / 10⁹.</param>
public readonly record struct SpeedMeasurement(string Name, double Microseconds, double GigaflopsPerSecond);

/// <summary>Measures the operations that dominate training, in <see cref="float"/>, on the calling thread.</summary>
public static class NetworkSpeed
{
    private const int Inputs = 11;
    private const int MinimumCalls = 40;
    private const double WarmUpMilliseconds = 250;

    /// <summary>The exact Hessian-vector product of a squared loss through a tanh network 11-H-H-1.</summary>
    /// <param name="rows">Batch size, at least 1.</param>
    /// <param name="hidden">H, at least 1.</param>
    /// <param name="milliseconds">How long to repeat.</param>
    /// <remarks>Counted as 2 · rows · (2 · 11 H + 6 H² + 4 H) operations.</remarks>
    public static SpeedMeasurement HessianProduct(int rows = 100, int hidden = 64, double milliseconds = 50)
    {
        var batch = new Batch(rows, hidden, outputs: 1);
        var linearisation = new Linearisation<float>(batch.Layout, rows);
        linearisation.Forward(batch.Parameters, batch.Inputs, rows);
        linearisation.SetSquaredLoss(batch.Targets);
        var result = new FlatVector<float>(batch.Layout.Parameters.Length);
        double operations = 2.0 * rows * ((2.0 * Inputs * hidden) + (6.0 * hidden * hidden) + (4.0 * hidden));
        return Measure(
            $"Hessian product, {rows} rows, {hidden}x{hidden}",
            operations,
            milliseconds,
            () => linearisation.Hvp(batch.Direction.Span, result.Span));
    }

    /// <summary>One pass of <c>SquaredLossGradient</c> through a tanh network 11-H-H-1.</summary>
    /// <inheritdoc cref="HessianProduct"/>
    /// <remarks>Counted as 2 · rows · (2 · 11 H + 3 H² + 3 H) operations.</remarks>
    public static SpeedMeasurement SquaredLossGradient(int rows = 4000, int hidden = 64, double milliseconds = 50)
    {
        var batch = new Batch(rows, hidden, outputs: 1);
        var linearisation = new Linearisation<float>(batch.Layout, rows);
        var gradient = new FlatVector<float>(batch.Layout.Parameters.Length);
        double operations = 2.0 * rows * ((2.0 * Inputs * hidden) + (3.0 * hidden * hidden) + (3.0 * hidden));
        return Measure(
            $"squared-loss gradient, {rows} rows, {hidden}x{hidden}",
            operations,
            milliseconds,
            () => linearisation.SquaredLossGradient(batch.Parameters, batch.Inputs, batch.Targets, rows, gradient));
    }

    /// <summary>One evaluation of a tanh policy 11-H-H-3 for a single observation.</summary>
    /// <param name="hidden">H, at least 1.</param>
    /// <param name="milliseconds">How long to repeat.</param>
    /// <remarks>Counted as 2 · (11 H + H² + 3 H) operations.</remarks>
    public static SpeedMeasurement ActStep(int hidden = 64, double milliseconds = 50)
    {
        const int Repeats = 100;
        var batch = new Batch(1, hidden, outputs: 3);
        var evaluator = new MlpEvaluator<float>(batch.Layout);
        var output = new float[3];
        double operations = 2.0 * ((Inputs * hidden) + (hidden * hidden) + (3.0 * hidden));
        SpeedMeasurement many = Measure(
            $"act step, {hidden}x{hidden}",
            Repeats * operations,
            milliseconds,
            () =>
            {
                for (int i = 0; i < Repeats; i++)
                {
                    evaluator.Evaluate(batch.Parameters, batch.Inputs.Row(0), output);
                }
            });
        return many with { Microseconds = many.Microseconds / Repeats };
    }

    private static SpeedMeasurement Measure(string name, double operations, double milliseconds, Action action)
    {
        // the runtime compiles a second, faster time after some calls and about a tenth of a second
        long warm = Stopwatch.GetTimestamp();
        for (int i = 0; i < MinimumCalls || Stopwatch.GetElapsedTime(warm).TotalMilliseconds < WarmUpMilliseconds; i++)
        {
            action();
        }

        double best = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        while (Stopwatch.GetElapsedTime(begin).TotalMilliseconds < milliseconds);
        return new SpeedMeasurement(name, best, operations / best / 1e3);
    }

    private sealed class Batch
    {
        public Batch(int rows, int hidden, int outputs)
        {
            Layout = new MlpLayout(NetworkSpeed.Inputs, [hidden, hidden], outputs, Activation.Tanh);
            RandomStream random = RandomStream.FromSeed(1);
            Parameters = new FlatVector<float>(Layout.Parameters.Length);
            MlpInitialisation.PyTorchDefault(Layout, Parameters, random);
            Direction = new FlatVector<float>(Layout.Parameters.Length);
            MlpInitialisation.PyTorchDefault(Layout, Direction, random);
            Inputs = new Matrix<float>(rows, NetworkSpeed.Inputs);
            for (int row = 0; row < rows; row++)
            {
                random.FillNormal(Inputs.Row(row));
            }

            Targets = new float[rows];
            random.FillNormal(Targets);
        }

        public MlpLayout Layout { get; }

        public FlatVector<float> Parameters { get; }

        public FlatVector<float> Direction { get; }

        public Matrix<float> Inputs { get; }

        public float[] Targets { get; }
    }
}
