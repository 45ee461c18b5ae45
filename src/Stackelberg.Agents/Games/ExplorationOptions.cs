namespace Stackelberg.Agents.Games;

/// <summary>How several agents explore.</summary>
public sealed record ExplorationOptions
{
    /// <summary>Uniform steps at the start.</summary>
    [Option("Environment steps at the start in which all agents act uniformly at random.", Minimum = 0)]
    public long RandomSteps { get; init; }

    /// <summary>ε₀</summary>
    [Option("Probability ε of a uniformly random action after random_steps, at first.", Minimum = 0, Maximum = 1)]
    public double Epsilon { get; init; } = 0.1;

    /// <summary>Factor of ε.</summary>
    [Option("Factor of ε every decay_steps environment steps after random_steps.", Minimum = 0, Maximum = 1)]
    public double Decay { get; init; } = 1;

    /// <summary>Steps per factor.</summary>
    [Option("Environment steps after which ε is multiplied by decay once more.", Minimum = 1)]
    public long DecaySteps { get; init; } = 1;

    /// <summary>Least ε.</summary>
    [Option("Least ε.", Minimum = 0, Maximum = 1)]
    public double Minimum { get; init; }

    /// <summary>All at once.</summary>
    [Option("Whether one coin decides for all agents, who then explore together (as in Bi-AC's code), or each throws its own.")]
    public bool Together { get; init; } = true;

    /// <summary>ε after so many environment steps.</summary>
    internal double At(long step) => step < RandomSteps ? 1 : Math.Max(Minimum, Epsilon * Math.Pow(Decay, (step - RandomSteps) / DecaySteps));

    /// <summary>Settings that differ from their defaults and are not read.</summary>
    internal IEnumerable<(string Key, string Message)> Unread()
    {
        if (Decay == 1 && DecaySteps != 1)
        {
            yield return ("exploration.decay_steps", "exploration.decay is 1: ε stays.");
        }

        if (Decay == 1 && Minimum > 0 && Minimum <= Epsilon)
        {
            yield return ("exploration.minimum", "exploration.decay is 1: ε stays.");
        }
    }
}
