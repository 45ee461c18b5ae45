using System.Numerics;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Problems;

/// <summary>The order of play of off-policy methods, by their options.</summary>
internal static class OffPolicyRound
{
    /// <summary>
    /// Seats actor and critics: whoever leads first, the actor where nobody does. The leader's choices of order and steps are read with a leader alone, so
    /// that every id without one is its base.
    /// </summary>
    /// <exception cref="NotSupportedException">The follower is too large for the solver.</exception>
    public static Round<T> Of<T>(ReplayObjectives<T> objectives, OffPolicyLeaderOptions options, AlgorithmContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool leads = options.Leader != LeaderRole.None, criticLeads = options.Leader == LeaderRole.Critic;
        var problem = new ActorCriticProblem<T>(objectives, options.Leader);
        (Player<T> first, Player<T> second) = criticLeads ? (objectives.Critic, objectives.Actor) : (objectives.Actor, objectives.Critic);
        if (leads && options.Hypergradient.Method == HypergradientMethod.Implicit)
        {
            RequireRoom(problem, options.Hypergradient, objectives.Batch.Rows * (objectives.CriticDimension / objectives.NetworkLength));
        }

        return new Round<T>(problem, first, second, leads ? options.Hypergradient : null, context.Random, context.Solvers, Math.Max(1, context.TotalTimesteps))
        {
            Order = leads && options.UpdateOrder == UpdateOrder.Simultaneous ? PlayOrder.Simultaneous
                : criticLeads ? PlayOrder.LeaderFirst
                : PlayOrder.FollowerFirst,
            FollowerSteps = leads ? options.FollowerSteps : 1,
            DifferentiatesTarget = options.FollowerLoss == FollowerLoss.Bellman,
        };
    }

    private static void RequireRoom<T>(ActorCriticProblem<T> problem, HypergradientOptions options, int samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int coordinates = problem.FollowerCurvature(options.Curvature).Coordinates.Count;
        if (options.Solver is "exact" or "cholesky" && coordinates > DenseSolver<T>.MaximumCoordinates)
        {
            throw new NotSupportedException(
                $"hypergradient.solver={options.Solver} factorises the follower's whole curvature and takes at most "
                + $"{DenseSolver<T>.MaximumCoordinates} parameters; the follower has {coordinates}. Use smaller networks, or the solver cg or minres.");
        }

        if (options.Solver == "gauss-newton" && samples > GaussNewtonSolver<T>.MaximumSamples)
        {
            throw new NotSupportedException(
                $"hypergradient.solver=gauss-newton factorises a matrix with a row for each of the batch's {samples} samples and takes at most "
                + $"{GaussNewtonSolver<T>.MaximumSamples} (twin critics count twice). Use a smaller batch_size, or the solver cg or minres.");
        }
    }
}
