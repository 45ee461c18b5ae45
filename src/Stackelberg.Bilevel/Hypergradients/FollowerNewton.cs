using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Solves small followers to rounding: Newton's method on ∂₂f₂(x, y) = 0 with the exact solver. A reference, not a
/// trainer.</summary>
public sealed class FollowerNewton<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int iterations;
    private readonly ExactSolver<T> solver = new();
    private FlatVector<T> leader = new(0), follower = new(0), trial = new(0), gradient = new(0), step = new(0);

    /// <summary>Sets the most Newton steps, at least 1.</summary>
    public FollowerNewton(int iterations = 50)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        this.iterations = iterations;
    }

    /// <summary>Moves the problem to (x, y*) with ∂₂f₂(x, y*) = 0, starting from its current y.</summary>
    /// <returns>‖∂₂f₂(x, y*)‖</returns>
    /// <exception cref="InvalidOperationException">
    /// The Hessian is singular or something is not finite on the way, or the next Newton step would still move y by more than √ε max(1, ‖y‖): no
    /// stationary point was reached.
    /// </exception>
    public double Solve(IDifferentiableBilevelProblem<T> problem)
    {
        Resize(problem);
        problem.Leader.CopyTo(leader.Span);
        problem.Follower.CopyTo(follower.Span);
        double size = Gradient(problem);
        for (int i = 0; size != 0; i++)
        {
            LinearSolution solution = solver.Solve(problem.FollowerCurvature(Curvature.Hessian), 0, gradient.Span, step.Span);
            if (solution.Status != SolveStatus.Converged)
            {
                throw new InvalidOperationException(
                    $"The follower's Newton step {i} has no solution: {solution.Status.Name()}. Its minimum is then not a function of the leader, "
                    + "and no reference hypergradient exists.");
            }

            double next = i < iterations ? Step(problem, size) : double.PositiveInfinity;
            if (!(next < size))
            {
                // rounding is reached, or nothing can be: go back to the better point
                problem.MoveTo(leader.Span, follower.Span);
                RequireSolved(size, i);
                break;
            }

            trial.Span.CopyTo(follower.Span);
            size = next;
        }

        return size;
    }

    // halves the step until the gradient shrinks, at most ten times
    private double Step(IDifferentiableBilevelProblem<T> problem, double size)
    {
        double length = 1, next = double.PositiveInfinity;
        for (int halving = 0; halving <= 10; halving++, length /= 2)
        {
            follower.Span.CopyTo(trial.Span);
            Vectors.AddScaled<T>(trial.Span, -length, step.Span);
            problem.MoveTo(leader.Span, trial.Span);
            next = Gradient(problem);
            if (next < size)
            {
                break;
            }
        }

        return next;
    }

    private void RequireSolved(double size, int steps)
    {
        double left = Vectors.Norm<T>(step.Span), allowed = Math.Sqrt(Numbers<T>.Epsilon) * Math.Max(1, Vectors.Norm<T>(follower.Span));
        if (!(left <= allowed))
        {
            throw new InvalidOperationException(
                $"The follower is not solved after {steps} Newton steps: its gradient has norm {size:g3} and the next step length {left:g3}, above "
                + $"{allowed:g3}. Start nearer to its minimum, allow more steps, or check that it has one.");
        }
    }

    private double Gradient(IDifferentiableBilevelProblem<T> problem)
    {
        problem.FollowerGradient(gradient.Span);
        return Vectors.Norm<T>(gradient.Span);
    }

    private void Resize(IDifferentiableBilevelProblem<T> problem)
    {
        if (follower.Length == problem.FollowerDimension && leader.Length == problem.LeaderDimension)
        {
            return;
        }

        leader = new FlatVector<T>(problem.LeaderDimension);
        follower = new FlatVector<T>(problem.FollowerDimension);
        trial = new FlatVector<T>(problem.FollowerDimension);
        gradient = new FlatVector<T>(problem.FollowerDimension);
        step = new FlatVector<T>(problem.FollowerDimension);
    }
}
