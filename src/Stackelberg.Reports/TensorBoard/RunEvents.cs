namespace Stackelberg.Reports.TensorBoard;

/// <summary>Turns the rows of a run's tables into events: while it trains, and afterwards from its files, to the same ones.</summary>
internal sealed class RunEvents(EventFile file, Tags tags)
{
    // Of the leader updates of one step the last counts, as in progress.csv: a curve has one value at a step.
    private readonly List<(string Tag, double Value)> update = [];
    private (double Wall, long Step) updated;

    /// <summary>What is known of a run before its first step.</summary>
    /// <param name="wall">Seconds since 1970, as everywhere here.</param>
    /// <param name="step">0, or for a run that goes on its next step, so that none is told of twice.</param>
    /// <param name="configuration">Text of <c>config.yml</c>.</param>
    public void Begin(double wall, long step, string configuration, ulong seed)
    {
        IReadOnlyList<HyperParameter> parameters = Configuration.Read(configuration, seed);
        file.Write(Events.HyperParameters(wall, step, parameters));
        file.Write(Events.Text(wall, step, "hyperparameters/text_summary", Configuration.ToMarkdown(parameters)));
    }

    /// <summary>A row of a table.</summary>
    /// <param name="table"><c>episodes</c>, <c>progress</c>, <c>evaluations</c> or <c>hypergradient</c>.</param>
    /// <param name="cells">Its numbers; those that are no curves are passed over.</param>
    public void Row(double wall, string table, long step, IEnumerable<(string Column, double Value)> cells)
    {
        IEnumerable<(string, double)> scalars = cells.Select(c => (tags.Of(table, c.Column)!, c.Value)).Where(static s => s.Item1 is not null);
        if (table != "hypergradient")
        {
            Write(wall, step, [.. scalars]);
            return;
        }

        if (step != updated.Step)
        {
            EndUpdates();
        }

        update.Clear();
        update.AddRange(scalars);
        updated = (wall, step);
    }

    /// <summary>Speed, the one curve that no table has.</summary>
    public void Speed(double wall, long step, double stepsPerSecond) => Write(wall, step, [(Tags.StepsPerSecond, stepsPerSecond)]);

    /// <summary>The run has finished.</summary>
    public void Finish(double wall, long step)
    {
        EndUpdates();
        file.Write(Events.Finished(wall, step));
    }

    /// <summary>No further leader update will be made at the last one's step.</summary>
    public void EndUpdates()
    {
        Write(updated.Wall, updated.Step, update);
        update.Clear();
    }

    private void Write(double wall, long step, List<(string Tag, double Value)> scalars)
    {
        if (scalars.Count > 0)
        {
            file.Write(Events.Scalars(wall, step, scalars));
        }
    }
}
