namespace Stackelberg.Bilevel;

/// <summary>How the actor of a toy game gets its gradient.</summary>
public enum ToyMethod
{
    /// <summary>∂J/∂θ alone: individual gradients.</summary>
    Ddpg,

    /// <summary>The total derivative with the second derivatives of L: Stackelberg gradients.</summary>
    Sddpg,

    /// <summary>The total derivative with Gauss-Newton curvature, residual terms dropped (FSDDPG paper, equation 7).</summary>
    Fsddpg,
}

/// <summary>The sign of the implicit term in the actor's ascent direction.</summary>
public enum ToySign
{
    /// <summary>∂J/∂θ − (…), the total derivative.</summary>
    Minus,

    /// <summary>∂J/∂θ + (…), as in the listing of the FSDDPG paper's appendix.</summary>
    Plus,
}

/// <summary>Who moves when.</summary>
public enum ToyOrder
{
    /// <summary>Both gradients are taken at the same point.</summary>
    Simultaneous,

    /// <summary>The critic moves first; the actor's gradient is taken where it has moved to.</summary>
    CriticFirst,
}

/// <summary>How a toy game is played.</summary>
public readonly record struct ToyOptions
{
    /// <summary>From the game's start, simultaneously, without damping.</summary>
    /// <param name="steps">Updates of each player, ≥ 0.</param>
    /// <param name="learningRate">Of both players, finite and above 0.</param>
    public ToyOptions(int steps, double learningRate) => (Steps, ActorLearningRate, CriticLearningRate) = (steps, learningRate, learningRate);

    /// <summary>Updates of each player, ≥ 0.</summary>
    public int Steps { get; init; }

    /// <summary>The actor's rate, finite and above 0.</summary>
    public double ActorLearningRate { get; init; }

    /// <summary>The critic's rate, finite and above 0.</summary>
    public double CriticLearningRate { get; init; }

    /// <summary>λ ≥ 0, added to the critic's curvature; <see cref="ToyMethod.Ddpg"/> has none.</summary>
    public double Damping { get; init; }

    /// <summary>The sign of the implicit term.</summary>
    public ToySign Sign { get; init; }

    /// <summary>Who moves when.</summary>
    public ToyOrder Order { get; init; }

    /// <summary>Where to start; null: at the game's start.</summary>
    public ToyPoint? Start { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        Positive(ActorLearningRate, nameof(ActorLearningRate));
        Positive(CriticLearningRate, nameof(CriticLearningRate));
        if (!(Damping >= 0) || double.IsInfinity(Damping))
        {
            throw new ArgumentOutOfRangeException(nameof(Damping), Damping, "The damping is a finite number ≥ 0.");
        }
    }

    private static void Positive(double rate, string name)
    {
        if (!(rate > 0) || double.IsInfinity(rate))
        {
            throw new ArgumentOutOfRangeException(name, rate, "A learning rate is a finite number above 0.");
        }
    }
}
