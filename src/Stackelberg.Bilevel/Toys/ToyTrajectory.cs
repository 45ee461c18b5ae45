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
    /// <summary>(θ − θ*)² + (w − w*)² after a step.</summary>
    public double Distance(int step) => Points[step].SquaredDistance(Game.Optimum);

    /// <summary>The largest distance on the way, the start included.</summary>
    public double LargestDistance()
    {
        double largest = 0;
        for (int step = 0; step < Points.Count; step++)
        {
            largest = Math.Max(largest, Distance(step));
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
