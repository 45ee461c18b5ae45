namespace Stackelberg.Environments;

/// <summary>Payoffs of a continuous game: writes one per player.</summary>
public delegate void ContinuousPayoff(ReadOnlySpan<double> actions, Span<double> payoffs);

/// <summary>A one-shot game in which every player chooses a number from an interval; level k of the order of play sees the choices below k.</summary>
/// <param name="Name">Name of the game.</param>
/// <param name="Players">Number of players, the leader first.</param>
/// <param name="Low">Smallest action.</param>
/// <param name="High">Largest action.</param>
/// <param name="Payoff">The players' payoffs; must not allocate, so that steps do not.</param>
public sealed record ContinuousGame(string Name, int Players, double Low, double High, ContinuousPayoff Payoff);

/// <summary>The continuous games of the Bi-AC code and its predecessors, and an oligopoly of any number of levels.</summary>
public static class ContinuousGames
{
    private const double CodeRange = 10;

    /// <summary>a₁a₂ and −a₁a₂.</summary>
    public static ContinuousGame ZeroSum { get; } = OfCode("ZeroSum", (a, u) => (u[0], u[1]) = (a[0] * a[1], -(a[0] * a[1])));

    /// <summary>a₁ cos a₂ and a₂ sin a₁.</summary>
    public static ContinuousGame Trigonometric { get; } =
        OfCode("Trigonometric", (a, u) => (u[0], u[1]) = (Math.Cos(a[1]) * a[0], Math.Sin(a[0]) * a[1]));

    /// <summary>(a₁ − ½)(a₂ − ½) for both; the code calls it matching pennies, though interests are common.</summary>
    public static ContinuousGame CommonSaddle { get; } = OfCode("CommonSaddle", (a, u) => u.Fill((a[0] - 0.5) * (a[1] - 0.5)));

    /// <summary>½a₁² + 10a₁a₂ and ½a₂² − 10a₁a₂. Convex in one's own action: only the bounds hold the players.</summary>
    public static ContinuousGame Rotational { get; } = OfCode("Rotational",
        (a, u) => (u[0], u[1]) = ((0.5 * a[0] * a[0]) + (10 * a[0] * a[1]), (0.5 * a[1] * a[1]) - (10 * a[0] * a[1])));

    /// <summary>The bilinear extension of <see cref="MatrixGames.Wolf"/>: actions in [0, 1] are probabilities of the first pure action.</summary>
    /// <remarks>The code lets actions run over ±10, where the payoffs extend linearly and mean no probabilities.</remarks>
    public static ContinuousGame WolfMixed { get; } = new("WolfMixed", 2, 0, 1, Wolf);

    /// <summary><see cref="WolfMixed"/> with the code's range of ±10.</summary>
    public static ContinuousGame WolfExtended { get; } = OfCode("WolfExtended", Wolf);

    /// <summary>The larger of two hills for both: a wide one of height 0 at (−5, −5), a narrow one of height 10 at (5, 5).</summary>
    public static ContinuousGame TwoHills { get; } = OfCode("TwoHills", (a, u) =>
    {
        double wide = -0.8 * (Square(a[0] + 5) + Square(a[1] + 5)) / 3;
        double narrow = 10 - Square(a[0] - 5) - Square(a[1] - 5);
        u.Fill(Math.Max(wide, narrow));
    });

    /// <summary>All two-player games of the code.</summary>
    public static IReadOnlyList<ContinuousGame> OfTheCode { get; } =
        [ZeroSum, Trigonometric, CommonSaddle, Rotational, WolfMixed, WolfExtended, TwoHills];

    /// <summary>
    /// Firms choose quantities one after another and sell at the price <paramref name="demand"/> − Σq (less cost): uᵢ = qᵢ (K − Σq).
    /// </summary>
    /// <remarks>
    /// The Stackelberg outcome of n levels is qᵢ = K / 2ⁱ, uᵢ = K² / 2ⁿ⁺ⁱ, i from 1. The code's duopoly has K = 5000 − 1000 and actions within ±10, out of
    /// reach of that; here quantities go from 0 to K.
    /// </remarks>
    /// <exception cref="ArgumentException">Fewer than two players, or a demand that is not positive and finite.</exception>
    public static ContinuousGame Oligopoly(int players, double demand = 4000)
    {
        if (players < 2 || !(demand > 0 && double.IsFinite(demand)))
        {
            throw new ArgumentException($"An oligopoly of {players} firms with demand {demand}; give at least 2 firms and a positive demand.");
        }

        return new ContinuousGame($"Oligopoly{players}", players, 0, demand, (quantities, payoffs) =>
        {
            double price = demand;
            foreach (double quantity in quantities)
            {
                price -= quantity;
            }

            for (int i = 0; i < payoffs.Length; i++)
            {
                payoffs[i] = quantities[i] * price;
            }
        });
    }

    private static ContinuousGame OfCode(string name, ContinuousPayoff payoff) => new(name, 2, -CodeRange, CodeRange, payoff);

    private static double Square(double value) => value * value;

    private static void Wolf(ReadOnlySpan<double> actions, Span<double> payoffs)
    {
        (double p, double q) = (actions[0], actions[1]);
        payoffs[0] = (p * (1 - q) * 3) + ((1 - p) * q) + ((1 - p) * (1 - q) * 2);
        payoffs[1] = (p * q * 3) + (p * (1 - q) * 2) + ((1 - p) * (1 - q));
    }
}
