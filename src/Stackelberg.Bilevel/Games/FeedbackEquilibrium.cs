namespace Stackelberg.Bilevel;

/// <summary>Which of several stage equilibria goes on into earlier stages.</summary>
public enum StageSelection
{
    /// <summary>The one with the largest value for the leader, then for the follower.</summary>
    LeaderBest,

    /// <summary>The one with the largest value for the follower, then for the leader.</summary>
    FollowerBest,

    /// <summary>The one with the largest sum, then the larger value for the leader.</summary>
    LargestSum,
}

/// <summary>What is played in one state at one time, and what it is worth from there to the horizon.</summary>
/// <param name="Play">The strategies, and both players' values.</param>
/// <param name="IsOnlyValue">Whether all equilibria of the stage have these values, so that nothing was selected.</param>
public sealed record FeedbackStage(StrategyPair Play, bool IsOnlyValue);

/// <summary>A feedback (Markov perfect) equilibrium of finitely many stages.</summary>
/// <param name="Stages">By time from 0, then by state.</param>
/// <param name="IsOnlyValue">Whether no stage had equilibria of different values; otherwise this is the equilibrium of the selection asked for.</param>
public sealed record FeedbackResult(IReadOnlyList<IReadOnlyList<FeedbackStage>> Stages, bool IsOnlyValue)
{
    /// <summary>The leader's value of a state at time 0.</summary>
    public Rational LeaderValue(int state) => Stages[0][state].Play.LeaderValue;

    /// <summary>The follower's value of a state at time 0.</summary>
    public Rational FollowerValue(int state) => Stages[0][state].Play.FollowerValue;
}

/// <summary>
/// Feedback equilibria of Markov games of finite horizon by backward induction, exact: the last stage is a bimatrix game, and its value in every state
/// is added to the stage before (Simaan and Cruz 1973; Basar and Olsder, "Dynamic Noncooperative Game Theory", chapters 3 and 7).
/// </summary>
public static class FeedbackEquilibrium
{
    /// <summary>Stackelberg: in every state and at every time the leader takes an action, and the follower sees it and answers (pure commitment for
    /// the stage, none for the future).</summary>
    /// <param name="horizon">Number of stages, at least 1.</param>
    /// <param name="discount">0 ≤ γ ≤ 1; 1 unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Horizon or discount is out of range.</exception>
    public static FeedbackResult Stackelberg(
        FiniteMarkovGame game, int horizon, Rational? discount = null, FollowerTies ties = FollowerTies.Optimistic, StageSelection selection = StageSelection.LeaderBest) =>
        Induce(game, horizon, discount, selection, stage => PureCommitment.Find(stage, ties).Commitments.Select(c => c.Play));

    /// <summary>Nash: both choose at the same time in every stage, mixing where they must. All extreme equilibria of each stage are considered.</summary>
    /// <param name="horizon">Number of stages, at least 1.</param>
    /// <param name="discount">0 ≤ γ ≤ 1; 1 unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Horizon or discount is out of range.</exception>
    /// <exception cref="GameLimitException">A stage is too large for <see cref="VertexEnumeration"/>.</exception>
    public static FeedbackResult Nash(FiniteMarkovGame game, int horizon, Rational? discount = null, StageSelection selection = StageSelection.LeaderBest) =>
        Induce(game, horizon, discount, selection, stage => VertexEnumeration.Find(stage).Equilibria);

    private static FeedbackResult Induce(
        FiniteMarkovGame game, int horizon, Rational? discount, StageSelection selection, Func<BimatrixGame, IEnumerable<StrategyPair>> solve)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        Rational gamma = discount ?? Rational.One;
        if (gamma < Rational.Zero || gamma > Rational.One)
        {
            throw new ArgumentOutOfRangeException(nameof(discount), $"The discount is {gamma}; it lies from 0 to 1.");
        }

        IReadOnlyList<FeedbackStage>[] stages = new IReadOnlyList<FeedbackStage>[horizon];
        (Rational[] leader, Rational[] follower) = (new Rational[game.States], new Rational[game.States]);
        for (int time = horizon - 1; time >= 0; time--)
        {
            FeedbackStage[] now = new FeedbackStage[game.States];
            for (int s = 0; s < game.States; s++)
            {
                now[s] = Select([.. solve(game.Stage(s, leader, follower, gamma))], selection);
            }

            stages[time] = now;
            (leader, follower) = ([.. now.Select(n => n.Play.LeaderValue)], [.. now.Select(n => n.Play.FollowerValue)]);
        }

        return new FeedbackResult(stages, stages.All(time => time.All(s => s.IsOnlyValue)));
    }

    private static FeedbackStage Select(List<StrategyPair> found, StageSelection selection)
    {
        StrategyPair best = found[0];
        foreach (StrategyPair pair in found)
        {
            best = Keys(pair, selection).CompareTo(Keys(best, selection)) > 0 ? pair : best;
        }

        return new FeedbackStage(best, found.TrueForAll(p => p.LeaderValue == best.LeaderValue && p.FollowerValue == best.FollowerValue));
    }

    private static (Rational First, Rational Second) Keys(StrategyPair pair, StageSelection selection) => selection switch
    {
        StageSelection.LeaderBest => (pair.LeaderValue, pair.FollowerValue),
        StageSelection.FollowerBest => (pair.FollowerValue, pair.LeaderValue),
        _ => (pair.LeaderValue + pair.FollowerValue, pair.LeaderValue),
    };
}
