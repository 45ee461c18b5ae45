using System.Globalization;

namespace Stackelberg.Bilevel;

/// <summary>The way both players of a toy game took.</summary>
/// <param name="Game">What was played.</param>
/// <param name="Method">How.</param>
/// <param name="Options">And with which options.</param>
/// <param name="Points">The start and the point after every step; all finite. Shorter than planned where the players diverged.</param>
/// <param name="DivergedAt">
/// The step that would have led further than <see cref="ToyPlay.Limit"/> from the optimum, or to no number at all; null when none did.
/// </param>
public sealed record ToyTrajectory(
    ToyGame Game, ToyMethod Method, ToyOptions Options, IReadOnlyList<ToyPoint> Points, int? DivergedAt)
{
    /// <summary>Method, damping and sign, such as <c>sddpg, λ 0.04</c>.</summary>
    public string Label => Method == ToyMethod.Ddpg
        ? "ddpg"
        : string.Create(CultureInfo.InvariantCulture, $"{Method.ToString().ToLowerInvariant()}, λ {Options.Damping}{(Options.Sign == ToySign.Plus ? ", plus" : "")}");

    /// <summary>(θ − θ*)² + (w − w*)² after a step.</summary>
    public double Distance(int step) => Points[step].SquaredDistance(Game.Optimum);

    /// <summary>The largest distance after the start; NaN when no step was made.</summary>
    public double LargestDistance()
    {
        double largest = double.NaN;
        for (int step = 1; step < Points.Count; step++)
        {
            // not Math.Max: it keeps the NaN
            largest = Distance(step) <= largest ? largest : Distance(step);
        }

        return largest;
    }

    /// <summary>The first step after which the distance is at most <paramref name="distance"/>; null when there is none.</summary>
    public int? FirstWithin(double distance)
    {
        for (int step = 0; step < Points.Count; step++)
        {
            if (Distance(step) <= distance)
            {
                return step;
            }
        }

        return null;
    }
}
