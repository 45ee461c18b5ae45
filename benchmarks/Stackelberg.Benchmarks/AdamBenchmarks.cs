using BenchmarkDotNet.Attributes;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Benchmarks;

/// <summary>One Adam step, with and without the average of a target network. 5 824 and 72 256 are critics 23-64-64-1 and 23-256-256-1.</summary>
[MemoryDiagnoser]
public class AdamBenchmarks
{
    private Adam<float> optimiser = null!;
    private FlatVector<float> parameters = null!, gradient = null!, target = null!;

    [Params(5_824, 72_256)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        optimiser = new Adam<float>(Length, 1e-4);
        parameters = new FlatVector<float>(Length);
        gradient = new FlatVector<float>(Length);
        target = new FlatVector<float>(Length);
        gradient.Span.Fill(0.01f);
    }

    [Benchmark(Baseline = true)]
    public void Step() => optimiser.Step(parameters, gradient);

    [Benchmark]
    public void StepAndTrack() => optimiser.StepAndTrack(parameters, gradient, target, 0.995);
}
