using Stackelberg.Agents.Tests.Support;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>PPO's objectives on minibatches whose answers are known by hand.</summary>
public sealed class SurrogateObjectivesTests
{
    private const double Never = double.PositiveInfinity;

    [Theory]
    [InlineData(1, 2, 0.2, 3.24, 0)]
    [InlineData(1, 2, Never, 1, -2)]
    [InlineData(0.1, 2, 0.2, 3.61, -3.8)]
    [InlineData(-1, 2, 0.2, 9, -6)]
    [InlineData(1, -2, 0.2, 9, 6)]
    [InlineData(-1, -2, 0.2, 3.24, 0)]
    [InlineData(-1, -2, Never, 1, 2)]
    public void The_larger_of_the_two_squared_errors_counts_and_a_value_beyond_the_clip_gets_no_gradient(
        double value, double target, double clip, double loss, double gradient)
    {
        // the value when the rollout was collected was 0
        PpoOptions options = SurrogateParts.Small(LeaderRole.None) with { ValueClip = clip };
        foreach (double weight in new[] { 1, 0.25 })
        {
            SurrogateParts parts = Constant(options with { ValueCoefficient = weight }, value, target);
            double[] descent = Twins.Ask(parts.Problem.FollowerDimension, s => parts.Problem.FollowerDescent(s).ShouldBe(loss, 1e-12));
            descent[parts.Values.Layout.Parameters["layers.0.bias"].Offset].ShouldBe(weight * gradient, 1e-12);
        }
    }

    [Theory]
    [InlineData(2.0, 0)]
    [InlineData(3.7, 1e-6)]
    public void Equal_advantages_give_the_actor_no_gradient_and_no_NaN(double advantage, double tolerance)
    {
        SurrogateParts parts = Collected(normalise: true);
        Array.Fill(parts.Batch.Advantages, advantage);
        Gradient(parts).ShouldAllBe(g => Math.Abs(g) <= tolerance);
    }

    [Fact]
    public void A_single_step_keeps_its_advantage()
    {
        SurrogateParts alone = Collected(normalise: true), plain = Collected(normalise: false);
        foreach (SurrogateParts parts in new[] { alone, plain })
        {
            parts.Rollout.Advantages[12] = -1.5;
            parts.Batch.Pick(parts.Rollout, parts.Values.Inputs, [12]);
        }

        double[] gradient = Gradient(alone);
        gradient.ShouldBe(Gradient(plain));
        Vectors.Norm<double>(gradient).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void Advantages_of_a_minibatch_are_normalised_by_its_own_mean_and_deviation()
    {
        // (A − mean) / deviation does not change with A → 3 A + 7
        SurrogateParts parts = Collected(normalise: true), shifted = Collected(normalise: true);
        for (int t = 0; t < SurrogateParts.Count; t++)
        {
            parts.Batch.Advantages[t] = Math.Sin(t);
            shifted.Batch.Advantages[t] = (3 * Math.Sin(t)) + 7;
        }

        Twins.Near(Gradient(shifted), Gradient(parts), "gradient", 1e-7);
    }

    [Fact]
    public void Where_all_ratios_are_one_normalised_advantages_leave_nothing_of_the_critic_in_the_actors_loss()
    {
        // their mean is 0 whatever the critic says: a leader has nothing to anticipate before the actor's first step
        foreach (bool normalise in new[] { true, false })
        {
            var parts = new SurrogateParts(SurrogateParts.Small(LeaderRole.Actor) with { NormaliseAdvantages = normalise }, discrete: true);
            parts.Policy.Evaluate(parts.Batch.Observations, SurrogateParts.Count);
            parts.Policy.LogProbabilities(parts.Batch.Actions, parts.Batch.LogProbabilities);
            parts.Problem.Linearise();
            double norm = Vectors.Norm<double>(Twins.Ask(parts.Problem.FollowerDimension, parts.Problem.RightHandSide));
            (norm < 1e-14).ShouldBe(normalise);
        }
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(0.7, 11.0 / 21)]
    [InlineData(Never, 0)]
    public void Divergences_and_the_clipped_share_are_those_of_the_ratios(double clip, double clipped)
    {
        // log ratios +ln 2 eleven times and −ln 2 ten times
        SurrogateParts parts = Collected(normalise: false);
        parts.Objectives.Clip = clip;
        double[] log = new double[SurrogateParts.Count];
        parts.Policy.Evaluate(parts.Batch.Observations, log.Length);
        parts.Policy.LogProbabilities(parts.Batch.Actions, log);
        for (int t = 0; t < log.Length; t++)
        {
            parts.Batch.LogProbabilities[t] = log[t] - (t % 2 == 0 ? Math.Log(2) : -Math.Log(2));
        }

        double expected = ((11 * (2 - 1 - Math.Log(2))) + (10 * (0.5 - 1 + Math.Log(2)))) / 21;
        parts.Objectives.KullbackLeibler().ShouldBe(expected, 1e-12);
        Gradient(parts);
        Gradient(parts);
        parts.Objectives.Statistics.Minibatches.ShouldBe(1, "a minibatch counts once, at its first evaluation");
        parts.Objectives.Statistics.Kl.ShouldBe(expected, 1e-12);
        parts.Objectives.Statistics.PlainKl.ShouldBe(-Math.Log(2) / 21, 1e-12);
        parts.Objectives.Statistics.Clipped.ShouldBe(clipped, 1e-12);
        parts.Objectives.Statistics.Entropy.ShouldBe(parts.Policy.MeanEntropy(), 1e-14);
    }

    [Fact]
    public void Two_steps_with_log_ratios_of_either_sign_have_a_divergence_of_a_quarter()
    {
        SurrogateParts parts = Collected(normalise: false);
        parts.Batch.Pick(parts.Rollout, parts.Values.Inputs, [8, 9]);
        double[] log = new double[2];
        parts.Policy.Evaluate(parts.Batch.Observations, 2);
        parts.Policy.LogProbabilities(parts.Batch.Actions, log);
        (parts.Batch.LogProbabilities[0], parts.Batch.LogProbabilities[1]) = (log[0] - Math.Log(2), log[1] + Math.Log(2));
        parts.Objectives.KullbackLeibler().ShouldBe(0.25, 1e-14);
    }

    private static SurrogateParts Constant(PpoOptions options, double value, double target)
    {
        var parts = new SurrogateParts(options with { Critic = options.Critic with { Hidden = [] } }, discrete: true);
        parts.Critic.Parameters.Span.Clear();
        parts.Critic.Parameters[parts.Values.Layout.Parameters["layers.0.bias"].Offset] = value;
        Array.Fill(parts.Batch.Targets, target);
        Array.Clear(parts.Batch.Values);
        parts.Problem.Linearise();
        return parts;
    }

    /// <summary>With advantages as they were collected.</summary>
    private static SurrogateParts Collected(bool normalise) => new(
        SurrogateParts.Small(LeaderRole.None) with { Advantages = AdvantageTiming.PerRollout, NormaliseAdvantages = normalise, EntropyCoefficient = 0 },
        discrete: true);

    private static double[] Gradient(SurrogateParts parts)
    {
        parts.Problem.Linearise();
        return Twins.Ask(parts.Problem.LeaderDimension, s => parts.Problem.DirectGradient(s));
    }
}
