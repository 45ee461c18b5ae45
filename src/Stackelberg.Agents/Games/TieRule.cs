using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Which of several equally good actions is taken.</summary>
public enum TieRule
{
    /// <summary>The one listed first.</summary>
    First,

    /// <summary>One of them, each as likely as any other.</summary>
    Random,
}

/// <summary>Keeps the best of what is offered, one after another.</summary>
/// <param name="ties">Draws among equals; null to keep the first.</param>
internal ref struct Best(RandomStream? ties)
{
    private readonly RandomStream? ties = ties;
    private double value;
    private int equals;

    /// <summary>The best so far; −1 before the first.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>Offers one more. Of k equals the last one replaces the kept one with probability 1/k, which leaves all of them equally likely.</summary>
    public void Offer(int index, double offered)
    {
        if (Index < 0 || offered > value)
        {
            (Index, value, equals) = (index, offered, 1);
        }
        else if (offered == value && ties is not null && ties.NextInt32(++equals) == 0)
        {
            Index = index;
        }
    }
}
