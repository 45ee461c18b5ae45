namespace Stackelberg.Environments.Internals;

/// <summary>Notices when a space is no longer what networks were sized and scaled by.</summary>
internal sealed class SpaceWatch(string id, string name, Space space)
{
    private readonly int size = space.Size;
    private readonly string text = space.ToString() ?? "";
    private readonly double[] low = space is BoxSpace box ? box.Low.ToArray() : [];
    private readonly double[] high = space is BoxSpace box ? box.High.ToArray() : [];

    /// <summary>The space as it was.</summary>
    public Space Space => space;

    /// <summary>Refuses a space that differs.</summary>
    /// <exception cref="EnvironmentException">It does.</exception>
    public void Require(Space now)
    {
        // this library's own spaces never change: another object is the common case of a change
        if (ReferenceEquals(now, space) && now is BoxSpace or DiscreteSpace or ProductSpace)
        {
            return;
        }

        bool same = now is not null && now.GetType() == space.GetType() && now.Size == size && now switch
        {
            BoxSpace box => box.Low.SequenceEqual(low) && box.High.SequenceEqual(high),
            DiscreteSpace discrete => discrete.Count == ((DiscreteSpace)space).Count,
            _ => now.ToString() == text,
        };
        if (!same)
        {
            throw new EnvironmentException(
                $"{id}: the {name} space was {text} and is now {now?.ToString() ?? "null"}; networks are sized and scaled by it. Make the spaces once, in the constructor.");
        }
    }
}
