namespace Stackelberg.Primitives;

/// <summary>
/// Something whose whole state can be written and read back, so that a run continues bit for bit.
/// </summary>
/// <remarks>
/// <see cref="Load"/> must leave the object exactly as it was when <see cref="Save"/> was called: every later call returns the same bits.
/// </remarks>
public interface IStateful
{
    /// <summary>Writes everything that influences later behaviour.</summary>
    void Save(StateWriter writer);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    /// <exception cref="StateException">A key is missing or has another type or length than expected.</exception>
    void Load(StateReader reader);
}
