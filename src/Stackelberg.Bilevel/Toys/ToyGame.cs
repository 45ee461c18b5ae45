namespace Stackelberg.Bilevel;

/// <summary>A point of a toy game: one number for the actor, one for the critic.</summary>
/// <param name="Theta">θ, the leader's.</param>
/// <param name="W">w, the follower's.</param>
public readonly record struct ToyPoint(double Theta, double W)
{
    /// <summary>(θ − θ′)² + (w − w′)², the metric of the FSDDPG paper.</summary>
    public double SquaredDistance(ToyPoint other) =>
        ((Theta - other.Theta) * (Theta - other.Theta)) + ((W - other.W) * (W - other.W));
}

/// <summary>
/// An actor and a critic of one parameter each: J = Q = w θᵖ, and L = (Q − r)² with the reward r = −c θ². The actor leads and ascends J,
/// the critic descends L.
/// </summary>
/// <remarks>
/// The critic's best response w*(θ) = −c θ²⁻ᵖ makes Q = r, so J(θ, w*(θ)) = −c θ² and the optimum is θ = 0 with w = w*(0).
/// Games 1 and 2 are those of the FSDDPG paper (section 6.1), <c>stac</c> is the example of the STAC paper's released code.
/// </remarks>
/// <param name="Name">As the command line calls it.</param>
/// <param name="Summary">One line.</param>
/// <param name="Power">p, 1 or 2.</param>
/// <param name="RewardWeight">c &gt; 0.</param>
/// <param name="Start">Where the papers start.</param>
/// <param name="LearningRate">Both players' rate unless told otherwise. The FSDDPG paper prints none; 0.1 shows its orderings.</param>
/// <param name="Steps">Simultaneous steps unless told otherwise.</param>
/// <param name="GaussNewtonDamping">λ of <see cref="ToyMethod.Fsddpg"/> unless told otherwise; at 0 its actor does not move.</param>
public sealed record ToyGame(
    string Name, string Summary, int Power, double RewardWeight, ToyPoint Start, double LearningRate, int Steps, double GaussNewtonDamping)
{
    /// <summary>The games of the papers.</summary>
    public static IReadOnlyList<ToyGame> All { get; } =
    [
        new("1", "J = wθ², L = (wθ² + θ²)²", 2, 1, new(1, 1), 0.1, 1000, 0.1),
        new("2", "J = wθ, L = (wθ + θ²)²", 1, 1, new(2, 2), 0.1, 1000, 1),
        new("stac", "J = wθ, L = (wθ + θ²/5)²", 1, 0.2, new(-1, 1), 0.01, 50_000, 1),
    ];

    /// <summary>(0, w*(0)).</summary>
    public ToyPoint Optimum => new(0, BestResponse(0));

    /// <summary>w*(θ) = −c θ²⁻ᵖ; at θ = 0, where every w is a best response, its limit.</summary>
    public double BestResponse(double theta) => 0 - (RewardWeight * Raise(theta, 2 - Power));

    /// <summary>J(θ, w) = w θᵖ.</summary>
    public double Objective(ToyPoint at) => at.W * Raise(at.Theta, Power);

    /// <summary>L(θ, w) = (w θᵖ + c θ²)².</summary>
    public double CriticLoss(ToyPoint at) => Residual(at) * Residual(at);

    internal double Residual(ToyPoint at) => Objective(at) + (RewardWeight * at.Theta * at.Theta);

    /// <summary>∂J/∂θ = p w θᵖ⁻¹.</summary>
    internal double ObjectiveByTheta(ToyPoint at) => Power * at.W * Raise(at.Theta, Power - 1);

    /// <summary>∂J/∂w = θᵖ.</summary>
    internal double ObjectiveByW(ToyPoint at) => Raise(at.Theta, Power);

    /// <summary>∂²J/∂θ∂w = p θᵖ⁻¹.</summary>
    internal double ObjectiveMixed(ToyPoint at) => Power * Raise(at.Theta, Power - 1);

    private static double Raise(double value, int exponent) => exponent switch
    {
        0 => 1,
        1 => value,
        2 => value * value,
        _ => throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The power of a toy game is 1 or 2."),
    };
}
