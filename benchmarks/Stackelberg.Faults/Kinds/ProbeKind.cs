using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Kinds;

/// <summary>Tries of the campaign itself: one ends, one hangs, one takes its process with it, one takes all memory. Not among the kinds of <c>all</c>.</summary>
public sealed class ProbeKind : FaultKind
{
    public const int Ends = 0, Hangs = 1, Dies = 2, Grows = 3, Count = 4;

    /// <inheritdoc/>
    public override string Name => "probe";

    /// <inheritdoc/>
    public override string Title => "the campaign's own watchfulness";

    /// <inheritdoc/>
    public override int Length => Count;

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        switch (attempt.Index)
        {
            case Hangs:
                Thread.Sleep(Timeout.Infinite);
                break;
            case Dies:
                Environment.FailFast("as it is told to");
                break;
            case Grows:
                List<byte[]> all = [];
                while (true)
                {
                    all.Add(GC.AllocateUninitializedArray<byte>(1 << 26));
                }
        }

        return new Verdict(Outcome.Done);
    }
}
