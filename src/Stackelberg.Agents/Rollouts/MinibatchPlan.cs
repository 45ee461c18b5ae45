using Stackelberg.Primitives;

namespace Stackelberg.Agents.Rollouts;

/// <summary>In which minibatches, and in what order, an epoch goes over a rollout.</summary>
internal sealed class MinibatchPlan(PpoOptions options, RandomStream random) : IStateful
{
    private readonly List<(int Start, int Count)> copies = [];
    private int[] order = [];
    private int rows;

    /// <summary>Minibatches of an epoch.</summary>
    public int Count { get; private set; }

    /// <summary>Steps of the largest minibatch of a rollout with so many.</summary>
    public int LargestOf(int steps) => options.Minibatches == MinibatchKind.PerEnvironment
        ? Math.Min(options.RolloutSteps, steps)
        : Math.Min(options.MinibatchSize, steps);

    /// <summary>Forgets which steps belong to which copy.</summary>
    public void Clear() => copies.Clear();

    /// <summary>Says that a copy's steps end here.</summary>
    /// <param name="rows">Steps of the rollout so far.</param>
    public void EndCopy(int rows)
    {
        int start = copies.Count == 0 ? 0 : copies[^1].Start + copies[^1].Count;
        copies.Add((start, rows - start));
    }

    /// <summary>Draws the order of the next epoch.</summary>
    /// <param name="steps">Of the rollout.</param>
    public void Shuffle(int steps)
    {
        bool perCopy = options.Minibatches == MinibatchKind.PerEnvironment;
        rows = perCopy ? copies.Count : steps;
        Count = perCopy ? rows : (rows + options.MinibatchSize - 1) / options.MinibatchSize;
        if (order.Length < rows)
        {
            order = new int[rows];
        }

        for (int i = 0; i < rows; i++)
        {
            order[i] = i;
        }

        for (int i = rows - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    /// <summary>The rows of a minibatch of steps in random order.</summary>
    public ReadOnlySpan<int> Rows(int minibatch)
    {
        int start = minibatch * options.MinibatchSize;
        return order.AsSpan(start, Math.Min(options.MinibatchSize, rows - start));
    }

    /// <summary>The rows of a minibatch that is one copy's steps.</summary>
    public (int Start, int Count) Copy(int minibatch) => copies[order[minibatch]];

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.Write("random", random);

    /// <inheritdoc/>
    public void Load(StateReader reader) => reader.Read("random", random);
}
