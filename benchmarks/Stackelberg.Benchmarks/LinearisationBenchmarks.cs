using BenchmarkDotNet.Attributes;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Benchmarks;

/// <summary>Products of a critic 11-H-H-1 (tanh) at fixed parameters.</summary>
[MemoryDiagnoser]
public class LinearisationBenchmarks
{
    private Linearisation<float> linearisation = null!;
    private FlatVector<float> parameters = null!, direction = null!, result = null!;
    private Matrix<float> inputs = null!;
    private float[] targets = null!;

    [Params(16, 64, 256)]
    public int Hidden { get; set; }

    [Params(100, 4000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var layout = new MlpLayout(11, [Hidden, Hidden], 1, Activation.Tanh);
        RandomStream random = RandomStream.FromSeed(1);
        parameters = new FlatVector<float>(layout.Parameters.Length);
        direction = new FlatVector<float>(layout.Parameters.Length);
        result = new FlatVector<float>(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, parameters, random);
        MlpInitialisation.PyTorchDefault(layout, direction, random);
        inputs = new Matrix<float>(Rows, 11);
        for (int row = 0; row < Rows; row++)
        {
            random.FillNormal(inputs.Row(row));
        }

        targets = new float[Rows];
        random.FillNormal(targets);
        linearisation = new Linearisation<float>(layout, Rows);
        linearisation.Forward(parameters, inputs, Rows);
        linearisation.SetSquaredLoss(targets);
    }

    [Benchmark]
    public void HessianProduct() => linearisation.Hvp(direction.Span, result.Span);

    [Benchmark]
    public void GaussNewtonProduct() => linearisation.GaussNewtonProduct(direction.Span, result.Span);

    [Benchmark]
    public double SquaredLossGradient() => linearisation.SquaredLossGradient(parameters, inputs, targets, Rows, result);
}

/// <summary>One observation through a policy 11-H-H-3 (tanh).</summary>
[MemoryDiagnoser]
public class ActStepBenchmarks
{
    private readonly float[] observation = new float[11], output = new float[3];
    private MlpEvaluator<float> evaluator = null!;
    private FlatVector<float> parameters = null!;

    [Params(16, 64, 256)]
    public int Hidden { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var layout = new MlpLayout(11, [Hidden, Hidden], 3, Activation.Tanh);
        RandomStream random = RandomStream.FromSeed(1);
        parameters = new FlatVector<float>(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, parameters, random);
        random.FillNormal(observation);
        evaluator = new MlpEvaluator<float>(layout);
    }

    [Benchmark]
    public void Evaluate() => evaluator.Evaluate(parameters, observation, output);
}
