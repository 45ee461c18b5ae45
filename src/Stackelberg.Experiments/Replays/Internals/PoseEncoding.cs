using System.Buffers.Binary;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Poses in little room: columns that never change are stored once, the others in 16 bits per number.</summary>
/// <remarks>A number is <c>Low + code·Step</c>, with <c>Step</c> a 65535th of its column's range, so that it is off by at most half a step.</remarks>
internal sealed record PoseEncoding
{
    private const int LargestCode = ushort.MaxValue;

    // Far beyond any world, and far enough from the largest number for differences.
    private const double LargestValue = 1e100;

    /// <summary>Lowest value of every column.</summary>
    public required double[] Low { get; init; }

    /// <summary>Columns that change, ascending.</summary>
    public required int[] Moving { get; init; }

    /// <summary>Value of one code step, for each column of <see cref="Moving"/>.</summary>
    public required double[] Step { get; init; }

    /// <summary>Codes, low byte first, frame by frame, one per moving column.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Encodes rows of <paramref name="size"/> numbers.</summary>
    /// <exception cref="ReplayException">A number is not finite, or beyond 1e100.</exception>
    public static PoseEncoding Encode(ReadOnlySpan<double> poses, int size)
    {
        double[] low = poses[..size].ToArray();
        double[] high = poses[..size].ToArray();
        for (int i = 0; i < poses.Length; i++)
        {
            if (!(Math.Abs(poses[i]) <= LargestValue))
            {
                throw new ReplayException(
                    $"number {i % size} of the pose at step {i / size} is {poses[i]}", "numbers up to 1e100 in size", "look at the rollout: the dynamics diverged there");
            }

            low[i % size] = Math.Min(low[i % size], poses[i]);
            high[i % size] = Math.Max(high[i % size], poses[i]);
        }

        int[] moving = [.. Enumerable.Range(0, size).Where(i => high[i] > low[i])];
        double[] step = [.. moving.Select(i => (high[i] - low[i]) / LargestCode)];
        byte[] data = new byte[2 * moving.Length * (poses.Length / size)];
        int at = 0;
        for (int row = 0; row < poses.Length; row += size)
        {
            for (int j = 0; j < moving.Length; j++, at += 2)
            {
                double code = step[j] > 0 ? Math.Round((poses[row + moving[j]] - low[moving[j]]) / step[j]) : 0;
                BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(at), (ushort)Math.Clamp(code, 0, LargestCode));
            }
        }

        return new PoseEncoding { Low = low, Moving = moving, Step = step, Data = data };
    }

    /// <summary>The rows again, as the page sees them.</summary>
    public double[] Decode()
    {
        int frames = Moving.Length > 0 ? Data.Length / (2 * Moving.Length) : 1;
        double[] poses = new double[frames * Low.Length];
        int at = 0;
        for (int row = 0; row < poses.Length; row += Low.Length)
        {
            Low.CopyTo(poses.AsSpan(row));
            for (int j = 0; j < Moving.Length; j++, at += 2)
            {
                poses[row + Moving[j]] += Step[j] * BinaryPrimitives.ReadUInt16LittleEndian(Data.AsSpan(at));
            }
        }

        return poses;
    }
}
