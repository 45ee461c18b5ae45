namespace Stackelberg.Agents.Problems;

/// <summary>Sums over minibatches of what PPO met before each actor's step.</summary>
/// <param name="Minibatches">How many.</param>
/// <param name="Surrogate">−mean min(r Â, clip(r) Â)</param>
/// <param name="Entropy">Nats.</param>
/// <param name="Kl">mean((r − 1) − ln r)</param>
/// <param name="PlainKl">mean(−ln r)</param>
/// <param name="Clipped">Share of steps with |r − 1| > ε.</param>
internal readonly record struct SurrogateStatistics(int Minibatches, double Surrogate, double Entropy, double Kl, double PlainKl, double Clipped)
{
    public SurrogateStatistics With(double surrogate, double entropy, double kl, double plainKl, double clipped) =>
        new(Minibatches + 1, Surrogate + surrogate, Entropy + entropy, Kl + kl, PlainKl + plainKl, Clipped + clipped);

    /// <summary>Means over the minibatches.</summary>
    public SurrogateStatistics Mean => new(Minibatches, Surrogate / Minibatches, Entropy / Minibatches, Kl / Minibatches, PlainKl / Minibatches, Clipped / Minibatches);
}
