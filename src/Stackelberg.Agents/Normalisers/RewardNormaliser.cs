using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Normalisers;

/// <summary>
/// Divides rewards by the standard deviation of the discounted return: clip(r / √(variance of G + ε), ±c), G ← γG + r within each episode of each copy.
/// The mean is not subtracted.
/// </summary>
/// <remarks>G starts anew after every end of an episode, also at a time limit; Gymnasium lets it run on there.</remarks>
public sealed class RewardNormaliser : IStateful
{
    private const double Epsilon = 1e-8;
    private readonly RunningMoments moments = new(1);
    private readonly double[] discountedReturns;
    private readonly double gamma;
    private readonly double clip;

    /// <summary>Statistics of nothing yet.</summary>
    /// <param name="copies">Copies of the environment, at least 1.</param>
    /// <param name="gamma">γ of the method, in [0, 1].</param>
    /// <param name="clip">c, above 0; infinity for none.</param>
    public RewardNormaliser(int copies, double gamma, double clip)
    {
        discountedReturns = new double[copies];
        this.gamma = gamma;
        this.clip = clip > 0 ? clip : throw new ArgumentOutOfRangeException(nameof(clip), clip, "Normalised rewards are clipped at a number above 0, or at infinity for not at all.");
    }

    /// <summary>What rewards are divided by now.</summary>
    public double Scale => Math.Sqrt(moments.Variance(0) + Epsilon);

    /// <summary>The statistics as they are, and what else the formula has.</summary>
    internal IReadOnlyList<NamedSetting> Settings =>
    [
        new("count", moments.Count),
        new("variance", moments.Variance(0)),
        new("epsilon", Epsilon),
        new("clip", clip),
    ];

    /// <summary>Takes a reward into the statistics and returns it normalised by them.</summary>
    /// <param name="copy">Which copy gave it.</param>
    /// <param name="ended">Whether its episode ended with it.</param>
    public double Normalise(int copy, double reward, bool ended)
    {
        ref double discounted = ref discountedReturns[copy];
        discounted = (gamma * discounted) + reward;
        moments.Add(new ReadOnlySpan<double>(in discounted));
        discounted = ended ? 0 : discounted;
        return Math.Clamp(reward / Scale, -clip, clip);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("moments", moments);
        writer.WriteArray("discounted_returns", discountedReturns);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.Read("moments", moments);
        reader.ReadArray("discounted_returns", discountedReturns);
    }
}
