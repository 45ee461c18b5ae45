using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>How <see cref="AdaptiveDamping"/> reacts.</summary>
public readonly record struct AdaptiveDampingOptions
{
    /// <summary>λ₀ = 1, factor 2, limits 1e-8 and 1e8, thresholds 1/4 and 3/4.</summary>
    public AdaptiveDampingOptions()
    {
    }

    /// <summary>λ at the start, within the limits.</summary>
    public double Initial { get; init; } = 1;

    /// <summary>Factor λ is multiplied or divided by, above 1.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Smallest λ, above 0: from zero no factor leads away.</summary>
    public double Minimum { get; init; } = 1e-8;

    /// <summary>Largest λ.</summary>
    public double Maximum { get; init; } = 1e8;

    /// <summary>λ grows when actual / predicted falls below this.</summary>
    public double PoorRatio { get; init; } = 0.25;

    /// <summary>λ shrinks when actual / predicted exceeds this.</summary>
    public double GoodRatio { get; init; } = 0.75;
}

/// <summary>
/// Levenberg-Marquardt damping: the ratio of actual to predicted reduction says whether the quadratic model, and so λ, can be trusted
/// (Martens 2010, section 4.1).
/// </summary>
/// <remarks>
/// A good ratio divides λ by the factor, a poor one multiplies it. A reduction that is NaN, or a predicted one that is not above 0, counts
/// as poor: the model failed.
/// </remarks>
public sealed class AdaptiveDamping : IDampingSchedule
{
    private readonly AdaptiveDampingOptions options;

    /// <summary>Begins at the initial λ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public AdaptiveDamping(AdaptiveDampingOptions options)
    {
        bool ordered = options.Minimum > 0 && options.Minimum <= options.Initial && options.Initial <= options.Maximum;
        if (!ordered || !double.IsFinite(options.Maximum))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options, "Damping limits need 0 < Minimum ≤ Initial ≤ Maximum, all finite.");
        }

        if (!(options.Factor > 1 && double.IsFinite(options.Factor) && options.PoorRatio < options.GoodRatio))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, "Adaptive damping needs Factor > 1 and PoorRatio < GoodRatio.");
        }

        this.options = options;
        Damping = options.Initial;
    }

    /// <summary>Begins at λ₀ with the defaults of <see cref="AdaptiveDampingOptions"/>.</summary>
    public AdaptiveDamping(double initial)
        : this(new AdaptiveDampingOptions { Initial = initial })
    {
    }

    /// <summary>λ now.</summary>
    public double Damping { get; private set; }

    /// <summary>λ now; it changes by <see cref="Update"/>, not with the step.</summary>
    public double Value(long step) => Damping;

    /// <summary>Compares what a step achieved with what the quadratic model promised.</summary>
    /// <param name="actualReduction">How much the objective fell; negative when it rose.</param>
    /// <param name="predictedReduction">How much its quadratic model said it would fall.</param>
    public void Update(double actualReduction, double predictedReduction)
    {
        double ratio = predictedReduction > 0 ? actualReduction / predictedReduction : double.NaN;
        if (ratio > options.GoodRatio)
        {
            Damping = Math.Max(options.Minimum, Damping / options.Factor);
        }
        else if (!(ratio >= options.PoorRatio))
        {
            Damping = Math.Min(options.Maximum, Damping * options.Factor);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.Write("damping", Damping);

    /// <inheritdoc/>
    public void Load(StateReader reader) => Damping = reader.ReadDouble("damping");
}
