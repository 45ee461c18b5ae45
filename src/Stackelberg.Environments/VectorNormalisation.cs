using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Normalises the observations and rewards of a <see cref="VectorEnvironment"/> by running statistics shared by all copies.</summary>
/// <remarks>
/// The statistics take in the rows of a step as one batch, in the order of the copies, before any of them is normalised: first what the step led to
/// (final observations included), then what the resets began with. So they do not depend on threads. The formulas are those of
/// <see cref="Wrappers.NormaliseObservation"/> and <see cref="Wrappers.NormaliseReward"/>; episode returns stay the true ones.
/// </remarks>
public sealed class VectorNormalisation : IStateful
{
    private readonly double gamma;
    private readonly double epsilon;
    private double[] rows = [];
    private double[] discountedReturns = [];

    /// <summary>Normalises by the given statistics, which start or go on.</summary>
    /// <param name="observations">Moments of observations, or null to leave observations alone.</param>
    /// <param name="returns">Moments of discounted returns (of size 1), or null to leave rewards alone.</param>
    /// <param name="gamma">Discount of the returns, in [0, 1].</param>
    /// <param name="epsilon">Added to variances; positive.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public VectorNormalisation(RunningMoments? observations, RunningMoments? returns = null, double gamma = 0.99, double epsilon = 1e-8)
    {
        if (returns is not null && returns.Size != 1)
        {
            throw new ArgumentException($"The moments of returns are of {returns.Size} numbers; a return is one.", nameof(returns));
        }

        this.gamma = gamma is >= 0 and <= 1
            ? gamma
            : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "The discount lies in [0, 1].");
        this.epsilon = epsilon > 0
            ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Epsilon must be positive: a constant has variance 0.");
        Observations = observations;
        Returns = returns;
    }

    /// <summary>Statistics of observations; null where they are left alone.</summary>
    public RunningMoments? Observations { get; }

    /// <summary>Statistics of discounted returns; null where rewards are left alone.</summary>
    public RunningMoments? Returns { get; }

    /// <summary>Whether the statistics stay as they are, as evaluation needs.</summary>
    public bool Frozen { get; set; }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("frozen", Frozen);
        writer.WriteArray("discounted_returns", discountedReturns);
        if (Observations is not null)
        {
            writer.Write("observations", Observations);
        }

        if (Returns is not null)
        {
            writer.Write("returns", Returns);
        }
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Frozen = reader.ReadBoolean("frozen");
        reader.ReadArray("discounted_returns", discountedReturns);
        if (Observations is not null)
        {
            reader.Read("observations", Observations);
        }

        if (Returns is not null)
        {
            reader.Read("returns", Returns);
        }
    }

    internal void Attach(int count, int observationSize)
    {
        if (discountedReturns.Length != 0)
        {
            throw new ArgumentException("This normalisation serves another vector environment; make one for each, with the same moments if wanted.");
        }

        if (Observations is not null && Observations.Size != observationSize)
        {
            throw new ArgumentException($"The moments are of {Observations.Size} numbers; observations have {observationSize}.");
        }

        discountedReturns = new double[count];
        rows = new double[2 * count * observationSize];
    }

    internal void AfterReset(Span<double> observations)
    {
        Array.Clear(discountedReturns);
        if (Observations is null)
        {
            return;
        }

        if (!Frozen)
        {
            Observations.AddBatch(observations);
        }

        Observations.Normalise(observations, epsilon);
    }

    internal void AfterStep(Span<double> observations, Span<double> finalObservations, Span<double> rewards, ReadOnlySpan<bool> ended)
    {
        if (Observations is not null)
        {
            NormaliseObservations(Observations, observations, finalObservations, ended);
        }

        for (int i = 0; i < rewards.Length; i++)
        {
            discountedReturns[i] = (gamma * discountedReturns[i]) + rewards[i];
        }

        if (Returns is not null)
        {
            if (!Frozen)
            {
                Returns.AddBatch(discountedReturns);
            }

            double scale = Math.Sqrt(Returns.Variance(0) + epsilon);
            foreach (ref double reward in rewards)
            {
                reward /= scale;
            }
        }

        for (int i = 0; i < rewards.Length; i++)
        {
            discountedReturns[i] = ended[i] ? 0 : discountedReturns[i];
        }
    }

    private void NormaliseObservations(RunningMoments moments, Span<double> observations, Span<double> finalObservations, ReadOnlySpan<bool> ended)
    {
        int size = moments.Size, filled = observations.Length;
        if (!Frozen)
        {
            observations.CopyTo(rows);
            for (int i = 0; i < ended.Length; i++)
            {
                if (ended[i])
                {
                    finalObservations.Slice(i * size, size).CopyTo(rows.AsSpan(i * size));
                    observations.Slice(i * size, size).CopyTo(rows.AsSpan(filled));
                    filled += size;
                }
            }

            moments.AddBatch(rows.AsSpan(0, filled));
        }

        moments.Normalise(observations, epsilon);
        for (int i = 0; i < ended.Length; i++)
        {
            if (ended[i])
            {
                moments.Normalise(finalObservations.Slice(i * size, size), epsilon);
            }
        }
    }
}
