using BenchmarkDotNet.Attributes;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Benchmarks;

/// <summary>Elementary functions over a batch of 100 × 64 activations.</summary>
[MemoryDiagnoser]
public unsafe class ElementwiseBenchmarks
{
    private const int Rows = 100;
    private const int Columns = 64;
    private readonly FlatVector<float> x = new(Rows * Columns);
    private readonly FlatVector<float> y = new(Rows * Columns);

    [GlobalSetup]
    public void Prepare()
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = ((i % 97) - 48) * 0.1f;
        }
    }

    [Benchmark(Baseline = true)]
    public void Relu() => Run(default(ReluOperation<float>));

    [Benchmark]
    public void Tanh() => Run(default(TanhOperation<float>));

    [Benchmark]
    public void Exp() => Run(default(ExpOperation<float>));

    [Benchmark]
    public void Log() => Run(default(LogOperation<float>));

    [Benchmark]
    public void Softplus() => Run(default(SoftplusOperation<float>));

    [Benchmark]
    public double Dot() => Vectors.Dot<float>(x.Span, y.Span);

    private void Run<TOperation>(TOperation operation)
        where TOperation : struct, IUnaryOperation<float> =>
        Elementwise.Unary(Rows, Columns, Columns, x.Pointer, y.Pointer, operation);
}
