namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>How a batch is cut into rows: a function of the number of rows alone, so that results never depend on threads.</summary>
internal readonly record struct RowChunks
{
    /// <summary>Below this a batch is one chunk.</summary>
    public const int Threshold = 512;

    /// <summary>Rows of a chunk at most: five matrices of 256 × 64 floats and the weights stay in a 1 MiB second-level cache.</summary>
    public const int MaximumRows = 256;

    public RowChunks(int rows)
    {
        Rows = rows;
        Count = CountFor(rows);
    }

    public int Rows { get; }

    public int Count { get; }

    public static int CountFor(int rows) =>
        rows < Threshold ? Math.Min(rows, 1) : (rows + MaximumRows - 1) / MaximumRows;

    /// <summary>Rows a worker must have room for when batches have up to <paramref name="maximumRows"/> rows.</summary>
    public static int RoomFor(int maximumRows) => Math.Min(maximumRows, Threshold - 1);

    public int Start(int chunk) => (int)((long)Rows * chunk / Count);

    public int Length(int chunk) => Start(chunk + 1) - Start(chunk);
}
