using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Normalisers;

/// <summary>
/// Gives observations mean 0 and variance 1, entry by entry, by statistics that grow in training: clip((o − mean) / √(variance + ε), ±c). It belongs to
/// the policy: saved with it, and frozen in evaluation.
/// </summary>
/// <remarks>An entry that never changes becomes 0: its variance counts as ε's root alone, and later moves stay within the clip.</remarks>
public sealed class ObservationNormaliser : IStateful
{
    private const double Epsilon = 1e-8;
    private readonly RunningMoments moments;
    private readonly double clip;

    /// <summary>Statistics of nothing yet.</summary>
    /// <param name="size">Numbers per observation.</param>
    /// <param name="clip">c, above 0; infinity for none.</param>
    public ObservationNormaliser(int size, double clip)
    {
        moments = new RunningMoments(size);
        this.clip = clip > 0 ? clip : throw new ArgumentOutOfRangeException(nameof(clip), clip, "Normalised observations are clipped at a number above 0, or at infinity for not at all.");
    }

    /// <summary>Observations taken in so far, and the 1e-4 that the statistics start with.</summary>
    public double Count => moments.Count;

    /// <summary>The statistics as they are, and what else the formula has.</summary>
    internal IReadOnlyList<NamedSetting> Settings =>
    [
        new("count", Count),
        new("mean", moments.Mean.ToArray()),
        new("variance", Enumerable.Range(0, moments.Size).Select(moments.Variance).ToArray()),
        new("epsilon", Epsilon),
        new("clip", clip),
    ];

    /// <summary>Takes an observation into the statistics.</summary>
    public void Add(ReadOnlySpan<double> observation) => moments.Add(observation);

    /// <summary>result ← the normalised observation, by the statistics as they are.</summary>
    public void Normalise(ReadOnlySpan<double> observation, Span<double> result)
    {
        observation.CopyTo(result);
        moments.Normalise(result, Epsilon);
        foreach (ref double entry in result)
        {
            entry = Math.Clamp(entry, -clip, clip);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => moments.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => moments.Load(reader);
}

/// <summary>A policy of normalised observations as one of raw observations.</summary>
internal sealed class NormalisedPolicy(IPolicy inner, ObservationNormaliser normaliser, int observationSize) : IPolicy
{
    private readonly double[] normalised = new double[observationSize];

    public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        normaliser.Normalise(observation, normalised);
        inner.Act(normalised, action, mode, random);
    }
}
