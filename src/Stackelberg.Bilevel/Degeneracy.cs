namespace Stackelberg.Bilevel;

/// <summary>What an implicit term does when it is parallel to the direct gradient, so that it changes the length of the leader's step but not its direction.</summary>
public enum Degeneracy
{
    /// <summary>The implicit term has a direction of its own.</summary>
    None,

    /// <summary>The total derivative is a positive multiple of the direct gradient: another learning rate.</summary>
    Rescales,

    /// <summary>The implicit term takes the direct gradient away, to a tenth of its length or less.</summary>
    Cancels,

    /// <summary>The total derivative points against the direct gradient.</summary>
    Reverses,
}
