using System.Numerics;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents;

/// <summary>In what order two players move.</summary>
public enum PlayOrder
{
    /// <summary>Both gradients are taken at the old point, then both move.</summary>
    Simultaneous,

    /// <summary>The leader moves, then the follower answers the new leader.</summary>
    LeaderFirst,

    /// <summary>The follower moves, then the leader looks at the new follower.</summary>
    FollowerFirst,
}

/// <summary>The losses met in one round, each before the step it belongs to; NaN where a player did not move or the problem does not tell.</summary>
/// <param name="LeaderFirst">f₁ before the leader's first step.</param>
/// <param name="LeaderLast">f₁ before its last step.</param>
/// <param name="FollowerFirst">What the follower descends, before its first step.</param>
/// <param name="FollowerLast">The same before its last step.</param>
public readonly record struct RoundLosses(double LeaderFirst, double LeaderLast, double FollowerFirst, double FollowerLast)
{
    /// <summary>The critic's loss before its first step.</summary>
    public double CriticBefore(LeaderRole leader) => leader == LeaderRole.Critic ? LeaderFirst : FollowerFirst;

    /// <summary>The critic's loss before its last step.</summary>
    public double CriticBeforeLast(LeaderRole leader) => leader == LeaderRole.Critic ? LeaderLast : FollowerLast;
}

/// <summary>
/// One round of play between two players of a problem: the follower descends its own loss, the leader the total derivative, or, where nobody leads,
/// its own gradient too. Targets follow each player's last step.
/// </summary>
/// <remarks>
/// A leader that takes several steps keeps the implicit term of the first: D f₁ ≈ ∂₁f₁ (fresh in every step) + implicit (at the point before them).
/// </remarks>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed class Round<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IDifferentiableBilevelProblem<T> problem;
    private readonly Player<T> first;
    private readonly Player<T> second;
    private readonly Leader<T>? leader;
    private FlatVector<T>? implicitPart;
    private RoundLosses losses;
    private long round;

    /// <summary>Seats two players.</summary>
    /// <param name="problem">f₁ and f₂, oriented so that its leader is <paramref name="first"/>.</param>
    /// <param name="first">x₁: the leader, or the player that would be.</param>
    /// <param name="second">x₂: the follower.</param>
    /// <param name="hypergradient">How the leader's derivative is computed; null where nobody leads.</param>
    /// <param name="random">Where sampling solvers draw from.</param>
    /// <param name="solvers">Has the solver that the options name; null for those of this library.</param>
    /// <param name="totalSteps">Planned environment steps, at least 1, for what changes over training.</param>
    public Round(
        IDifferentiableBilevelProblem<T> problem,
        Player<T> first,
        Player<T> second,
        HypergradientOptions? hypergradient,
        RandomStream random,
        SolverCatalogue? solvers = null,
        long totalSteps = 1)
    {
        (this.problem, this.first, this.second) = (problem, first, second);
        leader = hypergradient is null ? null : new Leader<T>(hypergradient, random.Split("hypergradient"), solvers, totalSteps: totalSteps);
    }

    /// <summary>Who moves when.</summary>
    public PlayOrder Order { get; init; } = PlayOrder.Simultaneous;

    /// <summary>Steps of the leader per round, at least 1.</summary>
    public int LeaderSteps { get; init; } = 1;

    /// <summary>Steps of the follower per round, at least 1.</summary>
    public int FollowerSteps { get; init; } = 1;

    /// <summary>
    /// Largest norm of what a player's step descends, above 0; infinity for none. Players that move at once from the old point are bounded together.
    /// </summary>
    public double MaxGradientNorm { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the leader, or who would be, stays where it is while the follower plays on.</summary>
    public bool FirstRests { get; set; }

    /// <summary>Whether the follower stays where it is while the leader, or who would be, plays on.</summary>
    public bool SecondRests { get; set; }

    /// <summary>Whether f₂ depends on the leader through the follower's target, which then waits for the leader's derivative.</summary>
    public bool DifferentiatesTarget { get; init; }

    /// <summary>f₁ and f₂.</summary>
    internal IDifferentiableBilevelProblem<T> Problem => problem;

    /// <summary>The leader's derivative; null where nobody leads.</summary>
    public Leader<T>? Leader => leader;

    /// <summary>Whether the leader, or who would be, moved in the last round.</summary>
    public bool FirstMoved { get; private set; }

    /// <summary>Plays one round.</summary>
    /// <param name="environmentStep">Environment steps so far, for schedules.</param>
    public RoundLosses Play(long environmentStep, TrainingClock clock, ITrainingSink sink)
    {
        losses = new RoundLosses(double.NaN, double.NaN, double.NaN, double.NaN);
        bool leads = FirstMoved = first.Moves(round) && !FirstRests, follows = second.Moves(round) && !SecondRests;
        bool trackFirst = first.Tracks(round), trackSecond = second.Tracks(round);
        switch (Order)
        {
            case PlayOrder.FollowerFirst:
                bool wait = DifferentiatesTarget && leads && (LeaderNeeds & Derivatives.Implicit) != 0;
                Follow(follows ? FollowerSteps : 0, trackSecond && !wait);
                if (leads)
                {
                    problem.Linearise(LeaderNeeds);
                    Derive(environmentStep, clock, sink);
                }

                if (follows && trackSecond && wait)
                {
                    second.Track();
                }

                Lead(leads, trackFirst);
                break;
            case PlayOrder.LeaderFirst:
                if (leads)
                {
                    problem.Linearise(LeaderNeeds);
                    Derive(environmentStep, clock, sink);
                    Lead(leads, trackFirst);
                }

                Follow(follows ? FollowerSteps : 0, trackSecond);
                break;
            default:
                problem.Linearise((leads ? LeaderNeeds : 0) | (follows ? Derivatives.Descent : 0));
                if (follows)
                {
                    // before the leader's derivative: a method that looks at other points comes back without what the follower descends
                    Descend(isFirst: true);
                }

                if (leads)
                {
                    Derive(environmentStep, clock, sink);
                }

                Bound(leads, follows);
                FollowAtOldPoint(follows, trackSecond && FollowerSteps == 1);
                Lead(leads, trackFirst);
                Follow(follows ? FollowerSteps - 1 : 0, trackSecond, isContinued: true);
                break;
        }

        round++;
        return losses;
    }

    /// <summary>One more step of the player that would lead, along ∂₁f₁ where both players stand now; targets stay.</summary>
    /// <exception cref="InvalidOperationException">Somebody leads.</exception>
    public void RepeatFirst()
    {
        if (leader is not null)
        {
            throw new InvalidOperationException($"A leader's further steps are {nameof(LeaderSteps)}; only a player without a leader's derivative repeats its step.");
        }

        problem.Linearise(Derivatives.Direct);
        problem.DirectGradient(first.Gradient.Span);
        first.Step();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("round", round);
        if (leader is not null)
        {
            writer.Write("leader", leader);
        }
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        round = reader.ReadInt64("round");
        if (leader is not null)
        {
            reader.Read("leader", leader);
        }
    }

    private Derivatives LeaderNeeds => leader?.Needs ?? Derivatives.Direct;

    /// <summary>first.Gradient ← D f₁ at the linearised point, or ∂₁f₁ where nobody leads.</summary>
    private void Derive(long environmentStep, TrainingClock clock, ITrainingSink sink)
    {
        double loss = leader is null
            ? problem.DirectGradient(first.Gradient.Span)
            : leader.TotalDerivative(problem, environmentStep, first.Gradient.Span, clock, sink).LeaderLoss;
        losses = losses with { LeaderFirst = loss, LeaderLast = loss };
        if (LeaderSteps > 1)
        {
            implicitPart ??= new FlatVector<T>(first.Parameters.Length);
            problem.DirectGradient(implicitPart.Span);
            Vectors.Scale(implicitPart.Span, -1);
            Vectors.AddScaled<T>(implicitPart.Span, 1, first.Gradient.Span);
        }
    }

    private void Lead(bool moves, bool track)
    {
        for (int k = 0; moves && k < LeaderSteps; k++)
        {
            if (k > 0)
            {
                problem.Linearise(Derivatives.Direct);
                losses = losses with { LeaderLast = problem.DirectGradient(first.Gradient.Span) };
                Vectors.AddScaled<T>(first.Gradient.Span, 1, implicitPart!.Span);
            }

            if (k > 0 || Order != PlayOrder.Simultaneous)
            {
                Bound(ofFirst: true, ofSecond: false);
            }

            first.Step(track && k == LeaderSteps - 1);
        }
    }

    /// <summary>The follower's steps, each with a fresh gradient.</summary>
    /// <param name="isContinued">Whether its first step was made before.</param>
    private void Follow(int steps, bool track, bool isContinued = false)
    {
        bool measures = steps > 0 && !isContinued && leader?.IsAdaptive == true;
        if (measures)
        {
            leader!.BeforeFollower(problem);
        }

        for (int k = 0; k < steps; k++)
        {
            problem.Linearise(Derivatives.Descent);
            Descend(isFirst: k == 0 && !isContinued);
            Bound(ofFirst: false, ofSecond: true);
            second.Step(track && !measures && k == steps - 1);
        }

        if (measures)
        {
            Measure(track);
        }
    }

    /// <summary>The follower's step along the gradient it took at the old point.</summary>
    private void FollowAtOldPoint(bool moves, bool track)
    {
        if (!moves)
        {
            return;
        }

        bool measures = leader?.IsAdaptive == true;
        if (measures)
        {
            leader!.BeforeFollower(problem);
        }

        second.Step(track && !measures);
        if (measures)
        {
            Measure(track);
        }
    }

    /// <summary>The follower's step is judged by the function that it descended: where f₂ reads the target, it follows afterwards.</summary>
    private void Measure(bool track)
    {
        leader!.AfterFollower(problem);
        if (track)
        {
            second.Track();
        }
    }

    /// <summary>Scales the gradients of those who move, so that their joint norm is within its bound.</summary>
    private void Bound(bool ofFirst, bool ofSecond)
    {
        if (double.IsPositiveInfinity(MaxGradientNorm))
        {
            return;
        }

        double norm = double.Hypot(
            ofFirst ? Vectors.Norm<T>(first.Gradient.Span) : 0,
            ofSecond ? Vectors.Norm<T>(second.Gradient.Span) : 0);
        double scale = norm > MaxGradientNorm ? MaxGradientNorm / norm : 1;
        if (scale < 1 && ofFirst)
        {
            Vectors.Scale(first.Gradient.Span, scale);
        }

        if (scale < 1 && ofSecond)
        {
            Vectors.Scale(second.Gradient.Span, scale);
        }
    }

    private void Descend(bool isFirst)
    {
        double loss = problem.FollowerDescent(second.Gradient.Span);
        losses = losses with { FollowerFirst = isFirst ? loss : losses.FollowerFirst, FollowerLast = loss };
    }
}
