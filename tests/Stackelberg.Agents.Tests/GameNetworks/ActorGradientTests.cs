using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.GameNetworks;

public sealed class ActorGradientTests
{
    private const int Own = 1;

    private static readonly AgentRoster Agents = new(
        new AgentSpec("first", 0, new BoxSpace(2, -1, 1), new DiscreteSpace(2)),
        new AgentSpec("second", 1, new BoxSpace(1, -1, 1), new DiscreteSpace(3)),
        new AgentSpec("third", 2, new DiscreteSpace(2), new DiscreteSpace(2)));

    private readonly MlpLayout actorLayout = new(3, [4], 3, Activation.Tanh), criticLayout = new(8, [5], 1, Activation.Tanh);
    private readonly JointBatch batch = Probe.Batch(Agents, 6, RandomStream.FromSeed(1), static _ => true);
    private readonly CategoricalAgent<double> actor;
    private readonly JointCritic<double> critic;

    public ActorGradientTests()
    {
        AgentCodes<double> codes = new(Agents);
        GameOptions options = new() { MaxGradientNorm = double.PositiveInfinity };
        actor = new("actor", Own, 3, true, codes, Probe.Still(4), options, 12, RandomStream.FromSeed(2), null);
        critic = new("critic", Own, codes, Probe.Still(5), options, 36, RandomStream.FromSeed(3), null);
        Probe.Randomise(actor.Network.Player, RandomStream.FromSeed(4));
        Probe.Randomise(critic.Network.Player, RandomStream.FromSeed(5), 1.5);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 1)]
    [InlineData(0, 2)]
    [InlineData(0.3, 2)]
    public void All_actions_at_once_give_the_gradient_of_the_expected_value(double entropy, int leaderActions)
    {
        actor.Improve(batch, critic, new ActorAscent(ActorGradient.AllActions, 1, entropy, leaderActions), RandomStream.FromSeed(6), 0);
        double[] expected = Differences(() => Mean((r, leads) =>
        {
            double[] p = Policy(r, leads);
            return p.Select((share, a) => share * Value(r, leads, Probe.OneHot(3, a))).Sum() + (entropy * Probe.Entropy(p));
        }, leaderActions));
        actor.Network.Player.Gradient.ShouldBeTheDerivative(expected, actorLayout, -1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_score_of_a_drawn_action_is_unbiased(int leaderActions)
    {
        double[] expected = Differences(() => Mean((r, leads) => Policy(r, leads).Select((share, a) => share * Value(r, leads, Probe.OneHot(3, a))).Sum(), leaderActions));
        const int draws = 20_000;
        RandomStream random = RandomStream.FromSeed(8);
        double[] sum = new double[expected.Length], squares = new double[expected.Length];
        for (int i = 0; i < draws; i++)
        {
            actor.Improve(batch, critic, new ActorAscent(ActorGradient.Score, 1, 0, leaderActions), random, 0);
            for (int k = 0; k < sum.Length; k++)
            {
                double g = -actor.Network.Player.Gradient[k];
                sum[k] += g;
                squares[k] += g * g;
            }
        }

        int spread = 0;
        for (int k = 0; k < sum.Length; k++)
        {
            double mean = sum[k] / draws, error = Math.Sqrt(Math.Max(0, (squares[k] / draws) - (mean * mean)) / draws);
            mean.ShouldBe(expected[k], (4.5 * error) + 1e-8);
            spread += error > 1e-4 ? 1 : 0;
        }

        spread.ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0.4, 0.2, 2)]
    public void Straight_through_is_one_hot_forward_and_soft_backward(double temperature, double entropy, int leaderActions)
    {
        actor.Improve(batch, critic, new ActorAscent(ActorGradient.Gumbel, temperature, entropy, leaderActions), RandomStream.FromSeed(7), 0);
        RandomStream same = RandomStream.FromSeed(7);
        Dictionary<(int, int), (double[] Noise, double[] Slope)> samples = [];
        for (int r = 0; r < batch.Rows; r++)
        {
            for (int l = 0; l < leaderActions; l++)
            {
                int leads = leaderActions == 1 ? (int)batch.Actions(r)[0] : l;
                double[] noise = [.. Enumerable.Range(0, 3).Select(_ => -Math.Log(-Math.Log(same.NextDouble())))];
                double[] noisy = [.. Logits(r, leads).Select((z, a) => z + noise[a])];
                double[] hard = Probe.OneHot(3, Array.IndexOf(noisy, noisy.Max()));
                double[] slope = new double[3];
                for (int a = 0; a < 3; a++)
                {
                    double[] up = [.. hard], down = [.. hard];
                    up[a] += 1e-5;
                    down[a] -= 1e-5;
                    slope[a] = (Value(r, leads, up) - Value(r, leads, down)) / 2e-5;
                }

                samples[(r, leads)] = (noise, slope);
            }
        }

        double[] expected = Differences(() => Mean((r, leads) =>
        {
            (double[] noise, double[] slope) = samples[(r, leads)];
            double[] soft = Probe.Softmax([.. Logits(r, leads).Select((z, a) => (z + noise[a]) / temperature)]);
            return soft.Select((y, a) => y * slope[a]).Sum() + (entropy * Probe.Entropy(Policy(r, leads)));
        }, leaderActions));
        actor.Network.Player.Gradient.ShouldBeTheDerivative(expected, actorLayout, -1);
    }

    [Fact]
    public void Straight_through_of_even_logits_is_a_quarter_without_noise_and_a_sixth_with_it()
    {
        // linear Q = a₀, both logits 0: ∂Q/∂z = y(1 − y)(1, −1)/τ. A large τ drowns the noise: y = ½. At τ = 1 y is uniform: E y(1 − y) = 1/6
        Bias(temperature: 1e9, draws: 1, others: 0).ShouldBe((0.25e-9, -0.25e-9), 1e-15);
        Bias(temperature: 1, draws: 20_000, others: 0).ShouldBe((1.0 / 6, -1.0 / 6), 5 * 0.0745 / Math.Sqrt(20_000));
    }

    [Fact]
    public void The_others_one_hot_actions_carry_no_gradient() => Bias(1, 1, others: 1e6).ShouldBe(Bias(1, 1, others: 0), 1e-9);

    /// <summary>Mean gradient of the two logits of an actor that is a bias alone.</summary>
    private static (double, double) Bias(double temperature, int draws, double others)
    {
        AgentRoster two = new(
            new AgentSpec("a", 0, new BoxSpace(1, -1, 1), new DiscreteSpace(2)), new AgentSpec("b", 0, new BoxSpace(1, -1, 1), new DiscreteSpace(2)));
        AgentCodes<double> codes = new(two);
        GameOptions options = new() { MaxGradientNorm = double.PositiveInfinity };
        CategoricalAgent<double> actor = new("actor", 1, 2, false, codes, Probe.Still(), options, 1, RandomStream.FromSeed(1), null);
        JointCritic<double> critic = new("critic", 1, codes, Probe.Still(), options, 2, RandomStream.FromSeed(1), null);
        actor.Network.Player.Parameters.Span.Clear();
        critic.Network.Player.Parameters.Span.Clear();
        MlpLayout layout = critic.Network.Layout;
        void Weigh(int input, double weight) => critic.Network.Player.Parameters[layout.Weight(0).Offset + (input * layout.Weight(0).Stride)] = weight;
        Weigh(1, others);
        Weigh(2, others);
        Weigh(3, 1);
        JointBatch batch = new(1, two);
        batch.Add([0.5, 0.5, 1, 0, 0, 0, 0, 0, 1], 1);
        RandomStream random = RandomStream.FromSeed(9);
        (double first, double second) = (0, 0);
        int bias = actor.Network.Layout.Bias(0).Offset;
        for (int i = 0; i < draws; i++)
        {
            actor.Improve(batch, critic, new ActorAscent(ActorGradient.Gumbel, temperature), random, 0);
            first -= actor.Network.Player.Gradient[bias] / draws;
            second -= actor.Network.Player.Gradient[bias + 1] / draws;
        }

        return (first, second);
    }

    private double[] Differences(Func<double> number) => Probe.Differences(actor.Network.Player.Parameters, actorLayout, number);

    private double Mean(Func<int, int, double> of, int leaderActions)
    {
        double sum = 0;
        for (int r = 0; r < batch.Rows; r++)
        {
            for (int l = 0; l < leaderActions; l++)
            {
                sum += batch.Weights[r] / leaderActions * of(r, leaderActions == 1 ? (int)batch.Actions(r)[0] : l);
            }
        }

        return sum;
    }

    private double[] Logits(int row, int leads) =>
        PlainNetwork.Evaluate(actorLayout, actor.Network.Player.Parameters, [batch.Observations(row)[2], .. Probe.OneHot(2, leads)]);

    private double[] Policy(int row, int leads) => Probe.Softmax(Logits(row, leads));

    private double Value(int row, int leads, double[] own) => PlainNetwork.Evaluate(
        criticLayout, critic.Network.Player.Parameters, [batch.Observations(row)[2], .. Probe.OneHot(2, leads), .. own, .. Probe.OneHot(2, batch.Actions(row)[2])])[0];
}

file static class PairAssertions
{
    public static void ShouldBe(this (double First, double Second) actual, (double First, double Second) expected, double tolerance)
    {
        actual.First.ShouldBe(expected.First, tolerance);
        actual.Second.ShouldBe(expected.Second, tolerance);
    }
}
