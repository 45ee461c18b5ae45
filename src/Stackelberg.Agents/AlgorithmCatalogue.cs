using Stackelberg.Agents.Catalogue;

namespace Stackelberg.Agents;

/// <summary>All algorithms by id.</summary>
public static class AlgorithmCatalogue
{
    /// <summary>Every algorithm, ordered by id.</summary>
    public static IReadOnlyList<AlgorithmDescriptor> All { get; } =
    [
        .. new[] { ActorCriticEntries.Ac, ActorCriticEntries.Stac }
            .Concat(OffPolicyEntries.All).Concat(StackelbergEntries.All).OrderBy(static a => a.Id, StringComparer.Ordinal),
    ];

    /// <summary>The algorithm of this id, or null.</summary>
    public static AlgorithmDescriptor? Find(string id) => All.FirstOrDefault(a => a.Id == id);
}
