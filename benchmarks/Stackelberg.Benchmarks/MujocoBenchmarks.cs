using BenchmarkDotNet.Attributes;
using Stackelberg.Environments;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Benchmarks;

/// <summary>One step of each MuJoCo task with a random action, and its share of the resets such actions lead to.</summary>
[MemoryDiagnoser]
public class MujocoBenchmarks
{
    private static readonly EnvironmentCatalogue Catalogue = Registered();
    private readonly RandomStream random = RandomStream.FromSeed(1);
    private IEnvironment environment = null!;
    private double[] action = [], observation = [];

    public static IEnumerable<string> Ids => Catalogue.Specs.Select(s => s.Id);

    [ParamsSource(nameof(Ids))]
    public string Id { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        environment = Catalogue.Make(Id);
        action = new double[environment.ActionSpace.Size];
        observation = new double[environment.ObservationSpace.Size];
        environment.Reset(1, observation);
    }

    [GlobalCleanup]
    public void Release() => environment.Dispose();

    [Benchmark]
    public void Step()
    {
        environment.ActionSpace.Sample(random, action);
        if (environment.Step(action, observation).Ended)
        {
            environment.Reset(null, observation);
        }
    }

    private static EnvironmentCatalogue Registered()
    {
        var catalogue = new EnvironmentCatalogue();
        MujocoTasks.Register(catalogue);
        return catalogue;
    }
}
