using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Running mean and population variance of a stream of vectors, entry by entry.</summary>
/// <remarks>
/// Welford's update for single vectors, Chan, Golub and LeVeque's (1979) merge for batches: no difference of large sums, so no cancellation.
/// It starts as if it had seen <c>priorCount</c> vectors of mean 0 and variance 1; Gymnasium, Stable-Baselines3 and Brax use 1e-4.
/// </remarks>
public sealed class RunningMoments : IStateful
{
    private readonly double[] mean;
    private readonly double[] squares;
    private double count;

    /// <summary>Moments of vectors of the given size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive, or the prior count is negative or not finite.</exception>
    public RunningMoments(int size, double priorCount = 1e-4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!(priorCount >= 0 && double.IsFinite(priorCount)))
        {
            throw new ArgumentOutOfRangeException(nameof(priorCount), priorCount, "The prior count is a finite number of at least 0.");
        }

        mean = new double[size];
        squares = new double[size];
        Array.Fill(squares, priorCount);
        count = priorCount;
    }

    /// <summary>Entries per vector.</summary>
    public int Size => mean.Length;

    /// <summary>Vectors seen, the prior included.</summary>
    public double Count => count;

    /// <summary>Mean of each entry.</summary>
    public ReadOnlySpan<double> Mean => mean;

    /// <summary>Population variance of entry <paramref name="index"/> (divided by the count, not the count less one); 1 before anything was
    /// seen.</summary>
    public double Variance(int index) => count > 0 ? squares[index] / count : 1.0;

    /// <summary>Takes in one vector (Welford 1962).</summary>
    /// <exception cref="ArgumentException">The length differs from <see cref="Size"/>.</exception>
    public void Add(ReadOnlySpan<double> vector)
    {
        RequireMultiple(vector.Length, vector.Length == Size);
        count += 1;
        for (int i = 0; i < mean.Length; i++)
        {
            double delta = vector[i] - mean[i];
            mean[i] += delta / count;
            squares[i] += delta * (vector[i] - mean[i]);
        }
    }

    /// <summary>Takes in the rows of a row-major batch at once (Chan, Golub and LeVeque 1979, equation 2.1).</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="Size"/>.</exception>
    public void AddBatch(ReadOnlySpan<double> rows)
    {
        RequireMultiple(rows.Length, rows.Length % Size == 0);
        int number = rows.Length / Size;
        if (number == 0)
        {
            return;
        }

        for (int i = 0; i < mean.Length; i++)
        {
            double sum = 0;
            for (int r = 0; r < number; r++)
            {
                sum += rows[(r * Size) + i];
            }

            double batchMean = sum / number;
            double batchSquares = 0;
            for (int r = 0; r < number; r++)
            {
                double deviation = rows[(r * Size) + i] - batchMean;
                batchSquares += deviation * deviation;
            }

            double delta = batchMean - mean[i];
            mean[i] += delta * number / (count + number);
            squares[i] += batchSquares + (delta * delta * count * number / (count + number));
        }

        count += number;
    }

    /// <summary>Writes (x − mean) / √(variance + ε) over each entry; the span may hold several rows.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="Size"/>.</exception>
    public void Normalise(Span<double> rows, double epsilon)
    {
        RequireMultiple(rows.Length, rows.Length % Size == 0);
        for (int start = 0; start < rows.Length; start += Size)
        {
            Span<double> row = rows.Slice(start, Size);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (row[i] - mean[i]) / Math.Sqrt(Variance(i) + epsilon);
            }
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("count", count);
        writer.WriteArray("mean", mean);
        writer.WriteArray("squares", squares);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        count = reader.ReadDouble("count");
        reader.ReadArray("mean", mean);
        reader.ReadArray("squares", squares);
    }

    private void RequireMultiple(int length, bool valid)
    {
        if (!valid)
        {
            throw new ArgumentException($"Got {length} numbers for moments of vectors of {Size}; give whole vectors.");
        }
    }
}
