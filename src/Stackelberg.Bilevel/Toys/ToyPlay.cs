namespace Stackelberg.Bilevel;

/// <summary>Plays toy games by plain gradient steps, θ ← θ − α D f₁ and w ← w − β ∂L/∂w.</summary>
public static class ToyPlay
{
    /// <summary>Distance (root of the squared one) from the optimum beyond which the players count as diverged.</summary>
    public const double Limit = 1e6;

    /// <summary>Plays one game in double precision; the critic's linear system is solved exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static ToyTrajectory Run(ToyGame game, ToyMethod method, ToyOptions options)
    {
        options.Check();
        ToyProblem problem = new(game, method == ToyMethod.Fsddpg ? ToyCurvature.GaussNewton : ToyCurvature.Hessian);
        IHypergradient<double> hypergradient = method == ToyMethod.Ddpg
            ? new FirstOrderHypergradient<double>()
            : new ImplicitHypergradient<double>(new ExactSolver<double>());
        problem.MoveTo(options.Start ?? game.Start);
        List<ToyPoint> points = new(options.Steps + 1) { problem.Point };
        Span<double> actor = stackalloc double[1], critic = stackalloc double[1];
        for (int step = 1; step <= options.Steps; step++)
        {
            ToyPoint at = problem.Point;
            problem.FollowerGradient(critic);
            ToyPoint next = at with { W = at.W - (options.CriticLearningRate * critic[0]) };
            if (options.Order == ToyOrder.CriticFirst)
            {
                problem.MoveTo(next);
            }

            hypergradient.Compute(problem, options.Damping, actor);
            double gradient = options.Sign == ToySign.Plus ? Mirrored(problem, actor[0]) : actor[0];
            next = next with { Theta = at.Theta - (options.ActorLearningRate * gradient) };
            if (!(next.SquaredDistance(game.Optimum) <= Limit * Limit))
            {
                return new ToyTrajectory(game, method, options, points, step);
            }

            problem.MoveTo(next);
            points.Add(next);
        }

        return new ToyTrajectory(game, method, options, points, null);
    }

    // direct + implicit, given direct − implicit
    private static double Mirrored(ToyProblem problem, double total)
    {
        Span<double> direct = stackalloc double[1];
        problem.DirectGradient(direct);
        return (2 * direct[0]) - total;
    }
}
