using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.GameNetworks;

public sealed class JointCriticTests
{
    private static readonly AgentRoster Agents = new(
        new AgentSpec("first", 0, new DiscreteSpace(3), new BoxSpace([-2, 0], [1, 10])),
        new AgentSpec("second", 1, new BoxSpace(2, -1, 1), new DiscreteSpace(2)),
        new AgentSpec("third", 1, new BoxSpace(1, -1, 1), new BoxSpace([5], [6])));

    private readonly JointBatch batch = Probe.Batch(Agents, 7, RandomStream.FromSeed(1), static r => r % 3 == 0);

    [Theory]
    [InlineData(0, false, 0.5)]
    [InlineData(1, true, 0.5)]
    [InlineData(2, true, double.PositiveInfinity)]
    public void Regression_follows_the_weighted_huber_loss(int agent, bool quadratic, double huber)
    {
        (JointCritic<double> critic, MlpLayout layout) = Make(agent, quadratic, new GameOptions { MaxGradientNorm = double.PositiveInfinity, Huber = huber });
        double[] targets = [0.1, 3, -2, 0.4, -0.3, 5, 0];
        double Loss() => Enumerable.Range(0, batch.Rows).Sum(r => batch.Weights[r] * (double.IsFinite(huber) ? Probe.Huber(Value(r) - targets[r], huber) : Math.Pow(Value(r) - targets[r], 2) / 2));
        double Value(int r) => PlainNetwork.Evaluate(layout, critic.Network.Player.Parameters, Input(agent, quadratic, batch.Observations(r), batch.Actions(r)))[0];
        critic.Regress(batch, targets, 0).ShouldBe(Loss(), 1e-12);
        critic.Network.Player.Gradient.ShouldBeTheDerivative(Probe.Differences(critic.Network.Player.Parameters, layout, Loss), layout);
        critic.ValueOf(batch.Observations(2), batch.Actions(2)).ShouldBe(Value(2), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_slope_by_actions_goes_through_the_products_too(bool quadratic)
    {
        (JointCritic<double> critic, MlpLayout layout) = Make(2, quadratic, new GameOptions());
        for (int r = 0; r < batch.Rows; r++)
        {
            critic.Write(r, batch.Observations(r), batch.Actions(r));
        }

        critic.Network.Forward(batch.Rows);
        Matrix<double> slopes = critic.ActionGradient(batch.Rows);
        for (int r = 0; r < batch.Rows; r++)
        {
            double[] codes = Codes(batch.Actions(r));
            for (int k = 0; k < codes.Length; k++)
            {
                double At(double shift) => PlainNetwork.Evaluate(
                    layout, critic.Network.Player.Parameters, WithProducts(Probe.Observed(Agents, 2, batch.Observations(r)), [.. codes.Select((c, i) => i == k ? c + shift : c)], quadratic))[0];
                slopes.Row(r)[k].ShouldBe((At(1e-5) - At(-1e-5)) / 2e-5, 1e-8);
            }
        }
    }

    [Fact]
    public void Targets_stop_at_termination_and_read_the_target_copy()
    {
        (JointCritic<double> critic, MlpLayout layout) = Make(1, false, new GameOptions { Gamma = 0.8, RewardScale = 0.5 });
        double[] following = [.. Enumerable.Range(0, batch.Rows).SelectMany(static r => new double[] { -1 + (0.2 * r), r, r % 2, 5.5 })];
        double[] targets = critic.Targets(batch, following).ToArray();
        for (int r = 0; r < batch.Rows; r++)
        {
            double[] input = Input(1, false, batch.NextObservations(r), following.AsSpan(4 * r, 4));
            double future = PlainNetwork.Evaluate(layout, critic.Network.Player.Target, input)[0];
            Math.Abs(future - PlainNetwork.Evaluate(layout, critic.Network.Player.Parameters, input)[0]).ShouldBeGreaterThan(1e-3);
            targets[r].ShouldBe((0.5 * batch.Reward(r, 1)) + (r % 3 == 0 ? 0 : 0.8 * future), 1e-12);
        }

        critic.Targets(batch, []).Length.ShouldBe(batch.Rows);
    }

    [Fact]
    public void Each_tensors_gradient_is_clipped_by_itself()
    {
        double[] targets = [9, 9, 9, 9, 9, 9, 9];
        (JointCritic<double> free, MlpLayout layout) = Make(0, false, new GameOptions { MaxGradientNorm = double.PositiveInfinity });
        free.Regress(batch, targets, 0);
        double[] norms = [.. layout.Parameters.Blocks.Select(b => Norm(free, b))];
        double limit = norms.Order().ElementAt(1) * 1.01;
        norms.Count(n => n > limit).ShouldBe(norms.Length - 2);
        (JointCritic<double> clipped, _) = Make(0, false, new GameOptions { MaxGradientNorm = limit });
        clipped.Regress(batch, targets, 0);
        int block = 0;
        foreach (ParameterBlock b in layout.Parameters.Blocks)
        {
            double factor = Math.Min(1, limit / norms[block++]);
            for (int i = b.Offset; i < b.Offset + b.Length; i++)
            {
                clipped.Network.Player.Gradient[i].ShouldBe(factor * free.Network.Player.Gradient[i], 1e-12);
            }
        }
    }

    [Fact]
    public void The_target_follows_every_so_many_updates_by_its_share()
    {
        (JointCritic<double> critic, _) = Make(0, false, new GameOptions { Polyak = 0.75, TargetEvery = 3 });
        double[] targets = new double[batch.Rows], before = critic.Network.Player.Target.Span.ToArray();
        for (long update = 0; update < 2; update++)
        {
            critic.Regress(batch, targets, update);
            critic.Network.Player.Target.Span.ToArray().ShouldBe(before);
        }

        critic.Regress(batch, targets, 2);
        for (int i = 0; i < before.Length; i++)
        {
            critic.Network.Player.Target[i].ShouldBe((0.75 * before[i]) + (0.25 * critic.Network.Player.Parameters[i]), 1e-14);
        }
    }

    private static double Norm(JointCritic<double> critic, ParameterBlock block)
    {
        double sum = 0;
        for (int i = block.Offset; i < block.Offset + block.Length; i++)
        {
            sum += critic.Network.Player.Gradient[i] * critic.Network.Player.Gradient[i];
        }

        return Math.Sqrt(sum);
    }

    private static double[] Codes(ReadOnlySpan<double> actions) => [.. Probe.Acted(Agents, 0, actions), .. Probe.Acted(Agents, 1, actions), .. Probe.Acted(Agents, 2, actions)];

    private static double[] Input(int agent, bool quadratic, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) =>
        WithProducts(Probe.Observed(Agents, agent, observations), Codes(actions), quadratic);

    private static double[] WithProducts(double[] observed, double[] codes, bool quadratic) =>
    [
        .. observed, .. codes,
        .. codes.SelectMany((a, k) => codes.Skip(k).Select(b => a * b)).Where(_ => quadratic),
    ];

    private static (JointCritic<double> Critic, MlpLayout Layout) Make(int agent, bool quadratic, GameOptions options)
    {
        int inputs = new[] { 3, 2, 1 }[agent] + 5 + (quadratic ? 15 : 0);
        JointCritic<double> critic = new("critic", agent, new AgentCodes<double>(Agents), Probe.Still(4, 3), options, 7, RandomStream.FromSeed(2), null, quadratic);
        Probe.Randomise(critic.Network.Player, RandomStream.FromSeed(3));
        return (critic, new MlpLayout(inputs, [4, 3], 1, Activation.Tanh));
    }
}
