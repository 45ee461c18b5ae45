using Stackelberg.Agents.Tests.Support;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>First derivatives of PPO's surrogate against difference quotients of the surrogate itself, written out in plain numbers.</summary>
public sealed class SurrogateDifferencesTests
{
    [Theory]
    [InlineData(true, 0.2, 0)]
    [InlineData(true, 0.2, 0.03)]
    [InlineData(true, double.PositiveInfinity, 0.03)]
    [InlineData(false, 0.2, 0.03)]
    [InlineData(false, double.PositiveInfinity, 0)]
    public void Both_derivatives_of_the_actors_loss_are_its_difference_quotients(bool discrete, double clip, double entropy)
    {
        var parts = new SurrogateParts(SurrogateParts.Small(LeaderRole.Actor) with { Clip = clip, EntropyCoefficient = entropy }, discrete);
        parts.Problem.Linearise();
        double[] direct = Twins.Ask(parts.Problem.LeaderDimension, s => parts.Problem.DirectGradient(s));
        double[] byCritic = Twins.Ask(parts.Problem.FollowerDimension, parts.Problem.RightHandSide);
        parts.Problem.LeaderLoss().ShouldBe(Loss(parts, clip, entropy), 1e-13);
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Compare(parts, parts.Actor, direct, seed, clip, entropy);
            Compare(parts, parts.Critic, byCritic, seed, clip, entropy);
        }
    }

    private static void Compare(SurrogateParts parts, Player<double> player, double[] gradient, ulong seed, double clip, double entropy)
    {
        const double Step = 1e-6;
        double[] at = player.Parameters.Span.ToArray(), direction = Twins.Direction(player.Layout.Coordinates, at.Length, seed);
        double quotient = (At(Step) - At(-Step)) / (2 * Step), product = Vectors.Dot<double>(gradient, direction);
        at.CopyTo(player.Parameters.Span);
        product.ShouldBe(quotient, 1e-7 * Math.Max(1, Math.Abs(quotient)), $"{player.Name}, direction {seed}");
        Math.Abs(product).ShouldBeGreaterThan(1e-4);

        double At(double step)
        {
            for (int i = 0; i < at.Length; i++)
            {
                player.Parameters[i] = at[i] + (step * direction[i]);
            }

            return Loss(parts, clip, entropy);
        }
    }

    private static double Loss(SurrogateParts parts, double clip, double entropy)
    {
        double[] log = new double[SurrogateParts.Count];
        parts.Policy.Evaluate(parts.Batch.Observations, log.Length);
        parts.Policy.LogProbabilities(parts.Batch.Actions, log);
        double loss = -entropy * parts.Policy.MeanEntropy(), advantage = 0, next = 0;
        for (int t = log.Length - 1; t >= 0; t--)
        {
            double[]? after = parts.After.GetValueOrDefault(SurrogateParts.First + t);
            if (SurrogateParts.EndOf(SurrogateParts.First + t) != StepEnd.None)
            {
                (advantage, next) = (0, after is null ? 0 : parts.Values.ValueOf(after));
            }

            double value = parts.Values.ValueOf(parts.Batch.Observations.Row(t));
            advantage = parts.Rollout.Rewards[SurrogateParts.First + t] + (0.9 * next) - value + (0.9 * 0.8 * advantage);
            next = value;
            double ratio = Math.Exp(log[t] - parts.Rollout.LogProbabilities[SurrogateParts.First + t]);
            loss -= Math.Min(ratio * advantage, Math.Clamp(ratio, 1 - clip, 1 + clip) * advantage) / log.Length;
        }

        return loss;
    }
}
