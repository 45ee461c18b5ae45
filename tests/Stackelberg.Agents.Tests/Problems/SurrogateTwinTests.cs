using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Question = System.Func<Stackelberg.Bilevel.IDifferentiableBilevelProblem<double>, double[]>;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>The fused objectives of PPO and BLPO against the two formulas they stand for.</summary>
public sealed class SurrogateTwinTests
{
    private static readonly Curvature[] Both = [Curvature.Hessian, Curvature.GaussNewton];

    public static TheoryData<LeaderRole, bool, ResponseForm, ResponseReduction, ResponseSign> Cases()
    {
        var cases = new TheoryData<LeaderRole, bool, ResponseForm, ResponseReduction, ResponseSign>();
        foreach (LeaderRole leader in new[] { LeaderRole.Actor, LeaderRole.Critic })
        {
            foreach (bool discrete in new[] { true, false })
            {
                foreach (ResponseForm form in Enum.GetValues<ResponseForm>())
                {
                    foreach (ResponseReduction reduction in Enum.GetValues<ResponseReduction>())
                    {
                        foreach (ResponseSign sign in Enum.GetValues<ResponseSign>())
                        {
                            cases.Add(leader, discrete, form, reduction, sign);
                        }
                    }
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_derivative_is_that_of_the_recorded_formulas(LeaderRole leader, bool discrete, ResponseForm form, ResponseReduction reduction, ResponseSign sign)
    {
        const double None = double.PositiveInfinity;
        foreach ((CriticObjective objective, bool normalise, double own, double response) in new[]
        {
            (CriticObjective.Gae, true, 0.2, 0.5), (CriticObjective.Gae, false, 0.2, None), (CriticObjective.Gae, false, None, 0.1),
            (CriticObjective.MeanValue, true, None, 0.5), (CriticObjective.MeanValue, false, 0.2, 0.1),
        })
        {
            var given = new ResponseOptions { Form = form, Reduction = reduction, Sign = sign, Clip = response, CriticObjective = objective };
            AgreesWithItsTwin(new SurrogateParts(SurrogateParts.Small(leader, given) with { Clip = own, NormaliseAdvantages = normalise }, discrete));
        }
    }

    [Theory]
    [InlineData(LeaderRole.Actor, true)]
    [InlineData(LeaderRole.Actor, false)]
    [InlineData(LeaderRole.Critic, true)]
    public void So_it_is_where_the_critic_is_linear_on_fixed_features(LeaderRole leader, bool normalise)
    {
        PpoOptions options = SurrogateParts.Small(leader) with { NormaliseAdvantages = normalise };
        AgreesWithItsTwin(new SurrogateParts(options with { Critic = options.Critic with { Features = CriticFeatures.Fixed } }, discrete: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_critic_that_leads_weighs_both_parts_of_its_derivative_with_the_value_coefficient(bool discrete) =>
        AgreesWithItsTwin(new SurrogateParts(SurrogateParts.Small(LeaderRole.Critic) with { ValueCoefficient = 0.5 }, discrete));

    [Theory]
    [InlineData(LeaderRole.Actor, true)]
    [InlineData(LeaderRole.Actor, false)]
    [InlineData(LeaderRole.Critic, true)]
    [InlineData(LeaderRole.Critic, false)]
    public void Questions_may_be_asked_in_any_order_and_a_moved_point_is_one_of_its_own(LeaderRole leader, bool discrete)
    {
        var parts = new SurrogateParts(SurrogateParts.Small(leader), discrete);
        Dictionary<string, Question> questions = Twins.Questions(parts.Problem, losses: true, Both);
        questions["what the follower descends"] = static p => Twins.Ask(p.FollowerDimension, s => p.FollowerDescent(s));
        parts.Problem.Linearise();
        Dictionary<string, double[]> once = questions.Ask(parts.Problem, order: 3);
        (double[] x, double[] y) = (parts.Problem.Leader.ToArray(), parts.Problem.Follower.ToArray());
        foreach (ulong order in new ulong[] { 4, 5, 6 })
        {
            questions.Ask(parts.Problem, order).ShouldBeSameBits(once);
            double[] elsewhere = Twins.Direction(parts.Problem.LeaderCoordinates, x.Length, order);
            parts.Problem.MoveTo([.. x.Zip(elsewhere, static (a, d) => a + (0.1 * d))], y);
            AgreesWithItsTwin(parts, alreadyThere: true);
            parts.Problem.MoveTo(x, y);
        }
    }

    [Fact]
    public void The_steps_compared_lie_on_every_branch_of_both_clips()
    {
        foreach (bool discrete in new[] { true, false })
        {
            var parts = new SurrogateParts(SurrogateParts.Small(LeaderRole.Actor), discrete);
            parts.Problem.Linearise();
            double[] log = new double[SurrogateParts.Count];
            parts.Policy.Evaluate(parts.Batch.Observations, log.Length);
            parts.Policy.LogProbabilities(parts.Batch.Actions, log);
            double advantage = 0, next = 0;
            var met = new HashSet<(int Sign, int Ratio)>();
            for (int t = log.Length - 1; t >= 0; t--)
            {
                double[]? after = parts.After.GetValueOrDefault(SurrogateParts.First + t);
                if (SurrogateParts.EndOf(SurrogateParts.First + t) != StepEnd.None)
                {
                    (advantage, next) = (0, after is null ? 0 : parts.Values.ValueOf(after));
                }

                double value = parts.Values.ValueOf(parts.Batch.Observations.Row(t));
                advantage = parts.Batch.Rewards[t] + (0.9 * next) - value + (0.9 * 0.8 * advantage);
                next = value;
                double ratio = Math.Exp(log[t] - parts.Batch.LogProbabilities[t]);
                met.Add((Math.Sign(advantage), ratio > 1.5 ? 2 : ratio > 1.2 ? 1 : ratio < 0.5 ? -2 : ratio < 0.8 ? -1 : 0));
            }

            foreach (int sign in new[] { 1, -1 })
            {
                foreach (int ratio in new[] { 2, 1, 0, -1, -2 })
                {
                    met.ShouldContain((sign, ratio), $"discrete {discrete}");
                }
            }
        }
    }

    private static void AgreesWithItsTwin(SurrogateParts parts, bool alreadyThere = false)
    {
        TapeProblem<double> twin = SurrogateTwin.Of(parts);
        if (!alreadyThere)
        {
            parts.Problem.Linearise();
        }

        twin.Linearise();
        Dictionary<string, Question> questions = Twins.Questions(twin, losses: true, Both);
        questions.Ask(parts.Problem, order: 1).ShouldAgree(questions.Ask(twin, order: 2));
    }
}
