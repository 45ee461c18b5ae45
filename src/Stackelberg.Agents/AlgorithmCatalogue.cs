using Stackelberg.Agents.Algorithms;

namespace Stackelberg.Agents;

/// <summary>All algorithms by id.</summary>
public static class AlgorithmCatalogue
{
    /// <summary>Every algorithm, ordered by id.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
    [
        .. new[] { ActorCriticDescriptors.Ac, ActorCriticDescriptors.Stac }
            .Concat(OffPolicyDescriptors.All).Concat(StackelbergDescriptors.All).OrderBy(static a => a.Id, StringComparer.Ordinal),
    ];

    /// <summary>The algorithm of this id, or null.</summary>
    public static AlgorithmDescriptor? Find(string id) => All.FirstOrDefault(a => a.Id == id);
}
