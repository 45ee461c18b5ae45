using System.Globalization;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Internals;

/// <summary>
/// Tells the run, once each, when implicit terms keep being parallel to the direct gradient, or keep being dropped: then the method is its base, with
/// another step length or as it is.
/// </summary>
internal sealed class LeaderWatch : IStateful
{
    // one update can be odd by chance, a row of them is not
    private const int ReportedRow = 20;

    private long degenerateInARow;
    private bool degeneracyReported;
    private long droppedInARow;
    private bool dropReported;

    public void See(in HypergradientReport report, ITrainingSink sink)
    {
        droppedInARow = report.Dropped ? droppedInARow + 1 : 0;
        if (droppedInARow == ReportedRow && !dropReported)
        {
            dropReported = true;
            sink.Notice(DescribeDrop(report.Solve));
        }

        degenerateInARow = report.Degeneracy == Degeneracy.None ? 0 : degenerateInARow + 1;
        if (degenerateInARow == ReportedRow && !degeneracyReported)
        {
            degeneracyReported = true;
            sink.Notice(Describe(report));
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write("degenerate_in_a_row", degenerateInARow);
        writer.Write("degeneracy_reported", degeneracyReported);
        writer.Write("dropped_in_a_row", droppedInARow);
        writer.Write("drop_reported", dropReported);
    }

    public void Load(StateReader reader)
    {
        degenerateInARow = reader.ReadInt64("degenerate_in_a_row");
        degeneracyReported = reader.ReadBoolean("degeneracy_reported");
        droppedInARow = reader.ReadInt64("dropped_in_a_row");
        dropReported = reader.ReadBoolean("drop_reported");
    }

    private static string DescribeDrop(in LinearSolution solve) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The linear solve was of no use ({solve.Status.Name()}) in each of the last {ReportedRow} leader updates: the implicit term is dropped, and the leader "
            + $"takes its direct gradient alone. A hypergradient.damping above {solve.Damping:G3}, or hypergradient.solver=minres, usually helps.");

    private static string Describe(in HypergradientReport report) => report.Degeneracy switch
    {
        Degeneracy.Cancels => string.Create(
            CultureInfo.InvariantCulture,
            $"The implicit term cancels the leader's direct gradient (cosine {report.Cosine:F4}, {Math.Abs(report.Multiplier):G3} of it is left), "
            + $"and did in each of the last {ReportedRow} leader updates: the leader hardly learns. More damping weakens the term."),
        Degeneracy.Reverses => string.Create(
            CultureInfo.InvariantCulture,
            $"The implicit term reverses the leader's direct gradient (cosine {report.Cosine:F4}, multiplier {report.Multiplier:G3}), and did or cancelled it "
            + $"in each of the last {ReportedRow} leader updates: the leader moves against its own objective."),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The implicit term is parallel to the leader's direct gradient (cosine {report.Cosine:F4}, multiplier {report.Multiplier:G3}), and was in each of the "
            + $"last {ReportedRow} leader updates: it changes the step's length, not its direction, and Adam divides most of that out."),
    };
}
