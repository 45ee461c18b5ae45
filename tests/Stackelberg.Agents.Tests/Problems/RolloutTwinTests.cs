using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Question = System.Func<Stackelberg.Bilevel.IDifferentiableBilevelProblem<double>, double[]>;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>The fused problem of actor-critic on a rollout against the two formulas it stands for.</summary>
public sealed class RolloutTwinTests
{
    private static readonly Curvature[] Both = [Curvature.Hessian, Curvature.GaussNewton];

    public static TheoryData<ActorCriticForm, bool, LeaderRole> Cases()
    {
        var cases = new TheoryData<ActorCriticForm, bool, LeaderRole>();
        foreach (ActorCriticForm form in Enum.GetValues<ActorCriticForm>())
        {
            foreach (bool discrete in new[] { true, false })
            {
                cases.Add(form, discrete, LeaderRole.Actor);
                if (form != ActorCriticForm.Paper)
                {
                    cases.Add(form, discrete, LeaderRole.Critic);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_derivative_is_that_of_the_recorded_formulas(ActorCriticForm form, bool discrete, LeaderRole leader)
    {
        RolloutParts parts = RolloutParts.Of(form, discrete, leader);
        TapeProblem<double> twin = RolloutTwin.Of(parts);
        parts.Problem.Linearise();
        twin.Linearise();
        Dictionary<string, Question> questions = Twins.Questions(twin, losses: true, Both);
        questions.Ask(parts.Problem, order: 1).ShouldAgree(questions.Ask(twin, order: 2));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Questions_may_be_asked_in_any_order(ActorCriticForm form, bool discrete, LeaderRole leader)
    {
        RolloutParts parts = RolloutParts.Of(form, discrete, leader);
        Dictionary<string, Question> questions = Twins.Questions(parts.Problem, losses: true, Both);
        questions["what the follower descends"] = static p => Twins.Ask(p.FollowerDimension, s => p.FollowerDescent(s));
        parts.Problem.Linearise();
        Dictionary<string, double[]> once = questions.Ask(parts.Problem, order: 3);
        foreach (ulong order in new ulong[] { 4, 5, 6, 7 })
        {
            questions.Ask(parts.Problem, order).ShouldBeSameBits(once);
            parts.Problem.Linearise();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Moving_away_and_back_changes_nothing_and_a_moved_point_is_one_of_its_own(ActorCriticForm form, bool discrete, LeaderRole leader)
    {
        RolloutParts parts = RolloutParts.Of(form, discrete, leader);
        ActorCriticProblem problem = new(parts);
        parts.Problem.Linearise();
        Dictionary<string, double[]> before = problem.Questions.Ask(parts.Problem, order: 3);
        (double[] x, double[] y) = (parts.Problem.Leader.ToArray(), parts.Problem.Follower.ToArray());
        parts.Problem.MoveTo(problem.Moved(x, first: true), problem.Moved(y, first: false));
        TapeProblem<double> twin = RolloutTwin.Of(parts);
        twin.Linearise();
        Dictionary<string, double[]> moved = problem.Questions.Ask(parts.Problem, order: 8);
        moved.ShouldAgree(problem.Questions.Ask(twin, order: 9));
        moved["∂₂f₂"].ShouldNotBe(before["∂₂f₂"]);
        parts.Problem.MoveTo(x, y);
        problem.Questions.Ask(parts.Problem, order: 10).ShouldBeSameBits(before);
    }

    [Theory]
    [InlineData(LeaderRole.Actor)]
    [InlineData(LeaderRole.Critic)]
    public void What_the_follower_descends_is_its_own_gradient_and_loss(LeaderRole leader)
    {
        RolloutParts parts = RolloutParts.Of(ActorCriticForm.Official, discrete: true, leader);
        parts.Problem.Linearise();
        double[] descent = new double[parts.Problem.FollowerDimension], gradient = new double[descent.Length];
        double loss = parts.Problem.FollowerDescent(descent);
        parts.Problem.FollowerGradient(gradient);
        Twins.Near(descent, gradient, "descent");
        if (leader == LeaderRole.Actor)
        {
            loss.ShouldBe(parts.Problem.FollowerLoss(), 1e-14);
        }
        else
        {
            loss.ShouldBe(double.NaN, "the value of f_A is not sampled, only its gradient is");
        }
    }

    [Fact]
    public void Equal_advantages_give_the_actor_no_gradient_and_no_NaN()
    {
        // 4 steps that are alike: whatever γ, λ and V, a trajectory of one step each has one and the same advantage
        RolloutParts parts = RolloutParts.Of(ActorCriticForm.Official, discrete: true, LeaderRole.Actor);
        parts.Rollout.Clear();
        for (int i = 0; i < 4; i++)
        {
            parts.Rollout.Begin([0.1, 0.2, 0.3], [i % 3]);
            parts.Rollout.Complete(1, ends: true, isComplete: true, bootstrap: 0);
        }

        parts.Problem.Linearise();
        double[] gradient = new double[parts.Problem.LeaderDimension];
        parts.Problem.DirectGradient(gradient);
        gradient.ShouldAllBe(static g => g == 0);
    }

    /// <summary>A fused problem's questions, and points near its own.</summary>
    private sealed class ActorCriticProblem(RolloutParts parts)
    {
        public Dictionary<string, Question> Questions { get; } = Twins.Questions(parts.Problem, losses: true, Both);

        public double[] Moved(double[] from, bool first)
        {
            CoordinateMap map = first ? parts.Problem.LeaderCoordinates : parts.Problem.FollowerCurvature(Curvature.Hessian).Coordinates;
            double[] step = Twins.Direction(map, from.Length, first ? 21UL : 22UL);
            return [.. from.Select((value, i) => value + (0.3 * step[i]))];
        }
    }
}
