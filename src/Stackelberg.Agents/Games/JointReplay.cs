using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Joint transitions, distinct ones once with their weight.</summary>
public sealed class JointBatch
{
    private readonly int observationSize, actionSize, agents;
    private readonly double[] rows;

    internal JointBatch(int capacity, AgentRoster roster)
    {
        (observationSize, actionSize, agents) = (roster.ObservationSize, roster.ActionSize, roster.Count);
        Width = (2 * observationSize) + actionSize + agents + 1;
        rows = new double[capacity * Width];
        Weights = new double[capacity];
    }

    /// <summary>Rows at most.</summary>
    public int Capacity => Weights.Length;

    /// <summary>Whether no row has a future.</summary>
    public bool AllTerminated
    {
        get
        {
            for (int row = 0; row < Rows; row++)
            {
                if (!Terminated(row))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Rows in use.</summary>
    public int Rows { get; private set; }

    /// <summary>Each row's share of the batch; they sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>Numbers of a transition.</summary>
    internal int Width { get; }

    /// <summary>s: the joint observation.</summary>
    public ReadOnlySpan<double> Observations(int row) => Row(row)[..observationSize];

    /// <summary>a: the joint action.</summary>
    public ReadOnlySpan<double> Actions(int row) => Row(row).Slice(observationSize, actionSize);

    /// <summary>r_i</summary>
    public double Reward(int row, int agent) => Row(row)[observationSize + actionSize + agent];

    /// <summary>s′: the joint observation after the step, also where a time limit cut the episode there.</summary>
    public ReadOnlySpan<double> NextObservations(int row) => Row(row).Slice(observationSize + actionSize + agents, observationSize);

    /// <summary>Whether the environment ended the episode: there is no future.</summary>
    public bool Terminated(int row) => Row(row)[^1] != 0;

    internal void Clear() => Rows = 0;

    internal void Add(ReadOnlySpan<double> transition, double weight)
    {
        transition.CopyTo(rows.AsSpan(Rows * Width, Width));
        Weights[Rows++] = weight;
    }

    internal Span<double> Write(Span<double> row, in Transition t)
    {
        t.Observation.CopyTo(row);
        t.Action.CopyTo(row[observationSize..]);
        t.Rewards.CopyTo(row[(observationSize + actionSize)..]);
        t.NextObservation.CopyTo(row[(observationSize + actionSize + agents)..]);
        row[^1] = t.Result.Terminated ? 1 : 0;
        return row;
    }

    private Span<double> Row(int row) => rows.AsSpan(row * Width, Width);
}

/// <summary>The last joint transitions of all agents, drawn uniformly with replacement: one row has what every agent saw and did in one step.</summary>
/// <remarks>
/// Small games have few distinct transitions. As long as there are no more than <see cref="MostKinds"/>, a batch holds each that was drawn once, with the share
/// of draws as its weight: every mean over the batch is the same, at a fraction of the work.
/// </remarks>
public sealed class JointReplay : IStateful
{
    /// <summary>Distinct transitions up to which they are told apart.</summary>
    public const int MostKinds = 256;

    private readonly RandomStream random;
    private readonly int draws;
    private readonly double[] transitions;
    private readonly double[] scratch;
    private readonly int[] kindOf;
    private readonly int[] counts = new int[MostKinds];
    private readonly StateIndex kinds;
    private int next;
    private bool tellsApart = true;

    /// <summary>An empty buffer.</summary>
    /// <param name="capacity">Transitions kept, at least 1.</param>
    /// <param name="draws">Transitions per batch, at least 1.</param>
    /// <param name="random">Draws them.</param>
    public JointReplay(AgentRoster agents, int capacity, int draws, RandomStream random)
    {
        (this.random, this.draws) = (random, draws);
        Batch = new JointBatch(Math.Max(draws, MostKinds), agents);
        if ((long)capacity * Batch.Width > Array.MaxLength)
        {
            throw new OverflowException($"A replay buffer of {capacity} transitions of {Batch.Width} numbers does not fit into one array. Lower buffer_size to at most {Array.MaxLength / Batch.Width}.");
        }

        transitions = GC.AllocateUninitializedArray<double>(capacity * Batch.Width);
        kindOf = new int[capacity];
        scratch = new double[Batch.Width];
        kinds = new StateIndex(Batch.Width);
    }

    /// <summary>The transitions of the last <see cref="Sample"/>.</summary>
    public JointBatch Batch { get; }

    /// <summary>Transitions held.</summary>
    public int Count { get; private set; }

    /// <summary>Stores a transition in place of the oldest one when full.</summary>
    public void Add(in Transition transition)
    {
        ReadOnlySpan<double> row = Batch.Write(scratch, transition);
        row.CopyTo(RowOf(next));
        if (tellsApart)
        {
            int kind = kinds.Find(row);
            tellsApart = kind >= 0 || kinds.Count < MostKinds;
            kindOf[next] = tellsApart ? kinds.Of(row) : 0;
        }

        next = next + 1 == kindOf.Length ? 0 : next + 1;
        Count = Math.Min(Count + 1, kindOf.Length);
    }

    /// <summary>Draws a batch.</summary>
    /// <exception cref="InvalidOperationException">The buffer is empty.</exception>
    public void Sample()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("The replay buffer is empty; add transitions before drawing.");
        }

        Batch.Clear();
        if (!tellsApart)
        {
            for (int i = 0; i < draws; i++)
            {
                Batch.Add(RowOf(random.NextInt32(Count)), 1.0 / draws);
            }

            return;
        }

        counts.AsSpan().Clear();
        for (int i = 0; i < draws; i++)
        {
            counts[kindOf[random.NextInt32(Count)]]++;
        }

        for (int kind = 0; kind < kinds.Count; kind++)
        {
            if (counts[kind] > 0)
            {
                Batch.Add(kinds[kind], (double)counts[kind] / draws);
            }
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("capacity", (long)kindOf.Length);
        writer.Write("count", (long)Count);
        writer.Write("next", (long)next);
        writer.Write("tells_apart", tellsApart);
        writer.Write("kinds", kinds);
        writer.Write("random", random);
        writer.WriteArray("transitions", transitions.AsSpan(0, Count * Batch.Width));
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        long capacity = reader.ReadInt64("capacity"), count = reader.ReadInt64("count"), position = reader.ReadInt64("next");
        if (capacity != kindOf.Length || count < 0 || count > capacity || position < 0 || (count < capacity ? position != count : position >= capacity))
        {
            throw new StateException($"The saved replay buffer has room for {capacity} transitions, holds {count} and goes on at {position}; this one has room for {kindOf.Length}: use the same buffer_size.");
        }

        (Count, next) = ((int)count, (int)position);
        tellsApart = reader.ReadBoolean("tells_apart");
        reader.Read("kinds", kinds);
        reader.Read("random", random);
        reader.ReadArray("transitions", transitions.AsSpan(0, Count * Batch.Width));
        for (int i = 0; tellsApart && i < Count; i++)
        {
            kindOf[i] = kinds.Find(RowOf(i)) is >= 0 and var kind ? kind : throw new StateException("The saved replay buffer holds a transition that is not among its kinds; the file was altered.");
        }
    }

    private Span<double> RowOf(int slot) => transitions.AsSpan(slot * Batch.Width, Batch.Width);
}
