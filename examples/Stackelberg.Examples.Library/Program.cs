using Stackelberg.Agents;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Environments;
using Stackelberg.Primitives;

EnvironmentCatalogue environments = new();
ClassicControl.Register(environments);
IEnvironment Make() => environments.Make("CartPole-v1");
IAlgorithm Build(ulong seed) => AlgorithmCatalogue.BuiltIn.Create(
    "stac", AlgorithmContext.For(Make, seed, totalSteps: 60_000), (AcOptions o) => o with { StepsPerIteration = 1000 });
double Play(IAlgorithm who) => Evaluator.Evaluate(who.Policy, Make, RandomStream.FromSeed(7), episodes: 10, PolicyMode.Greedy).Mean;

using IAlgorithm learner = Build(seed: 0), loaded = Build(seed: 1);
Console.WriteLine($"untrained: {Play(learner)}");
EpisodeLog log = learner.Train(60_000);
Console.WriteLine($"trained: {Play(learner)} after {log.Episodes.Count} episodes");
MemoryState.Of(learner).WriteFile("stac.state");
MemoryState.ReadFile("stac.state").Restore(loaded);
Console.WriteLine($"loaded: {Play(loaded)} after {loaded.Steps} steps");
