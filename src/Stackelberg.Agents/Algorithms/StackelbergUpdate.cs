using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// One update of an off-policy method with a leader, on any base (DDPG, TD3, SAC): the leader descends D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁,
/// the follower its own gradient ∂₂f₂.
/// </summary>
/// <remarks>
/// The released code of ST-DDPG and ST-SAC (Zheng et al., AAAI 2022) moves both at once; algorithm 1 of FSDDPG (2021) moves the critic first. What the
/// methods of the papers choose: docs/algorithms/off-policy.md.
/// </remarks>
internal sealed class StackelbergUpdate<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyLearner<T> learner;
    private readonly IStackelbergOptions options;
    private readonly SolverCatalogue solvers;
    private readonly LeaderGradient<T> leaderGradient;
    private readonly IBilevelProblem<T> problem;
    private readonly IBilevelProblem<T> gaussNewtonProblem;
    private readonly FlatVector<T> total;
    private readonly CriticModelCheck<T>? modelCheck;
    private long leaderUpdates;

    /// <summary>Builds the bilevel problem on the learner's networks and the solver.</summary>
    /// <exception cref="NotSupportedException">The options contradict each other, or the follower is too large for the solver.</exception>
    public StackelbergUpdate(OffPolicyLearner<T> learner, IStackelbergOptions options, SolverCatalogue solvers, RandomStream random)
    {
        foreach ((string key, string message) in StackelbergDescriptors.Validate(options))
        {
            throw new NotSupportedException($"{key}: {message}");
        }

        this.learner = learner;
        this.options = options;
        this.solvers = solvers;
        leaderGradient = new LeaderGradient<T>(options.Hypergradient, solvers, random);
        problem = MakeProblem(options.Hypergradient);
        // only the guard turns to it
        gaussNewtonProblem = options.Hypergradient.Guard ? MakeProblem((OffPolicyHypergradientOptions)LeaderGradient<T>.FallbackOf(options.Hypergradient)) : problem;
        RequireRoom();
        total = new FlatVector<T>(problem.LeaderDimension);
        modelCheck = leaderGradient.IsAdaptive ? new CriticModelCheck<T>(learner) : null;
    }

    /// <summary>Makes the update on the drawn batch. Returns the critics' loss.</summary>
    public double Update(long update, ITrainingSink sink)
    {
        bool actorMoves = learner.MovesActor(update);
        bool track = learner.MovesTargets(update);
        bool criticFirst = options.UpdateOrder == UpdateOrder.CriticFirst;
        learner.BellmanTargets();
        return options.Leader == Leader.Actor ? ActorLeads(actorMoves, track, criticFirst, sink) : CriticLeads(actorMoves, track, criticFirst, sink);
    }

    /// <summary>The leader's total derivative on the drawn batch, with both players where they are. Nobody moves; schedules and solver stay.</summary>
    /// <remarks>Conjugate gradients are kept orthogonal, so that the number of iterations determines the result.</remarks>
    /// <param name="initial">The solution that the solve was started from, or empty.</param>
    /// <param name="derivative">D f₁, valid until the next update.</param>
    /// <returns>With the vectors of the solve. The direct gradient is left in the learner: the actor's or the critics'.</returns>
    public LeaderGradient<T> Examine(out T[] initial, out ReadOnlySpan<T> derivative)
    {
        // any stream will do: the one of the copied state takes its place
        var copy = new LeaderGradient<T>(options.Hypergradient, solvers, RandomStream.FromSeed(0), reorthogonalise: true);
        MemoryState.Of(leaderGradient).Restore(copy);
        T[] last = copy.Implicit.Solution.ToArray();
        learner.BellmanTargets();
        learner.CriticGradients(fix: true);
        copy.Compute(problem, gaussNewtonProblem, learner.Steps, total.Span);
        initial = options.Hypergradient.WarmStart && copy.Applied == copy.Implicit ? last : [];
        derivative = total.Span;
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("leader_updates", leaderUpdates);
        writer.Write("leader_gradient", leaderGradient);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        leaderUpdates = reader.ReadInt64("leader_updates");
        reader.Read("leader_gradient", leaderGradient);
    }

    /// <summary>x₁ = θ, x₂ = w.</summary>
    private double ActorLeads(bool actorMoves, bool track, bool criticFirst, ITrainingSink sink)
    {
        // ∂₂f₂ = ∂L/∂w at the old point
        double loss = learner.CriticGradients(fix: actorMoves && !criticFirst);
        modelCheck?.Mark(loss);
        // the derivative of the critics' targets goes through the target networks: those wait for it
        bool trackLater = track && actorMoves && criticFirst && options.FollowerLoss == FollowerLoss.Bellman;
        if (criticFirst)
        {
            MoveCritics(0, options.FollowerSteps, track && !trackLater);
        }

        if (actorMoves)
        {
            // D f₁, with f₁ the actor's loss
            TotalDerivative(sink);
            total.Span.CopyTo(learner.ActorGradient.Span);
        }

        if (trackLater)
        {
            learner.TrackCritics();
        }

        if (!criticFirst)
        {
            MoveCritics(0, 1, track);
        }

        if (actorMoves)
        {
            learner.StepActor(track: learner.HasTargetActor);
        }

        if (!criticFirst)
        {
            MoveCritics(1, options.FollowerSteps, track);
        }

        return loss;
    }

    /// <summary>x₁ = w, x₂ = θ.</summary>
    private double CriticLeads(bool actorMoves, bool track, bool criticFirst, ITrainingSink sink)
    {
        // D f₁, with f₁ = L; on the way the actor's own gradient ∂₂f₂ at the old point
        double loss = learner.CriticGradients(fix: true);
        TotalDerivative(sink);
        int offset = 0;
        foreach (QCritic<T> critic in learner.Critics)
        {
            total.Span.Slice(offset, critic.Gradient.Length).CopyTo(critic.Gradient.Span);
            offset += critic.Gradient.Length;
        }

        if (criticFirst)
        {
            learner.StepCritics(track);
            learner.ActorLossGradient();
            MoveActor(actorMoves, 0, options.FollowerSteps);
        }
        else
        {
            MoveActor(actorMoves, 0, 1);
            learner.StepCritics(track);
            MoveActor(actorMoves, 1, options.FollowerSteps);
        }

        return loss;
    }

    /// <summary>The follower's steps number <paramref name="from"/> to <paramref name="to"/>; all but the very first see a fresh gradient.</summary>
    private void MoveCritics(int from, int to, bool track)
    {
        for (int k = from; k < to; k++)
        {
            if (k > 0)
            {
                learner.BellmanTargets();
                learner.CriticGradients();
            }

            learner.StepCritics(track && k == options.FollowerSteps - 1);
            if (k == 0 && modelCheck is not null)
            {
                leaderGradient.Adapt(modelCheck.ActualReduction(), modelCheck.PredictedReduction());
            }
        }
    }

    private void MoveActor(bool moves, int from, int to)
    {
        for (int k = from; moves && k < to; k++)
        {
            if (k > 0)
            {
                learner.ActorLossGradient();
            }

            learner.StepActor(track: learner.HasTargetActor && k == options.FollowerSteps - 1);
        }
    }

    private IBilevelProblem<T> MakeProblem(OffPolicyHypergradientOptions hypergradient) => options.Leader == Leader.Actor
        ? new OffPolicyActorLeads<T>(learner, options, hypergradient)
        : new OffPolicyCriticLeads<T>(learner, options, hypergradient);

    private void RequireRoom()
    {
        int coordinates = problem.FollowerCurvature.Coordinates.Count;
        if (options.Hypergradient.Solver is "exact" or "cholesky" && coordinates > DenseSolver<T>.MaximumCoordinates)
        {
            throw new NotSupportedException(
                $"hypergradient.solver={options.Hypergradient.Solver} factorises the follower's whole curvature and takes at most "
                + $"{DenseSolver<T>.MaximumCoordinates} parameters; the follower has {coordinates}. Use smaller networks, or the solver cg or minres.");
        }

        int samples = learner.Batch.Rows * (problem.FollowerDimension / learner.Critics[0].Parameters.Length);
        if (options.Hypergradient.Solver == "gauss-newton" && samples > GaussNewtonSolver<T>.MaximumSamples)
        {
            throw new NotSupportedException(
                $"hypergradient.solver=gauss-newton factorises a matrix with a row for each of the batch's {samples} samples and takes at most "
                + $"{GaussNewtonSolver<T>.MaximumSamples} (twin critics count twice). Use a smaller batch_size, or the solver cg or minres.");
        }
    }

    private void TotalDerivative(ITrainingSink sink)
    {
        long start = Stopwatch.GetTimestamp();
        bool logged = leaderUpdates++ % options.Hypergradient.LogEvery == 0;
        HypergradientReport report = leaderGradient.Compute(problem, gaussNewtonProblem, learner.Steps, total.Span, logged);
        learner.Clock.Add(report, Stopwatch.GetElapsedTime(start).TotalSeconds);
        leaderGradient.Watch(report, sink);
        if (logged)
        {
            sink.Hypergradient(report);
            sink.Metric("hypergradient/guarded_updates", leaderGradient.GuardedUpdates);
            sink.Metric("hypergradient/dropped_updates", leaderGradient.DroppedUpdates);
        }
    }
}
