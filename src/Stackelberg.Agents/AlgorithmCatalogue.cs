using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents;

/// <summary>All algorithms by id.</summary>
public static class AlgorithmCatalogue
{
    /// <summary>Every algorithm, ordered by id.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
        [ActorCriticDescriptors.Ac, OffPolicyDescriptors.Ddpg, ActorCriticDescriptors.Stac, OffPolicyDescriptors.Td3];

    /// <summary>The algorithm of this id, or null.</summary>
    public static AlgorithmDescriptor? Find(string id) => All.FirstOrDefault(a => a.Id == id);
}
