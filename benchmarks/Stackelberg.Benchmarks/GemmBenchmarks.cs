using BenchmarkDotNet.Attributes;
using Stackelberg.Tensors.Diagnostics;

namespace Stackelberg.Benchmarks;

/// <summary>The three products of a linear layer, at the shapes of actor-critic networks.</summary>
[MemoryDiagnoser]
public class GemmBenchmarks
{
    private GemmBenchmark.Layer layer = null!;

    [ParamsSource(nameof(Shapes))]
    public (int Rows, int Inputs, int Outputs) Shape { get; set; }

    public static IEnumerable<(int Rows, int Inputs, int Outputs)> Shapes => GemmBenchmark.Shapes;

    [GlobalSetup]
    public void Prepare() => layer = new GemmBenchmark.Layer(Shape.Rows, Shape.Inputs, Shape.Outputs);

    [Benchmark(Baseline = true)]
    public void Forward() => layer.Run(LayerProduct.Forward);

    [Benchmark]
    public void InputGradient() => layer.Run(LayerProduct.InputGradient);

    [Benchmark]
    public void WeightGradient() => layer.Run(LayerProduct.WeightGradient);
}
