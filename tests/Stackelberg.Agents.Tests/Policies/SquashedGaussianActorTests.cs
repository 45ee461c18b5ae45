using Stackelberg.Agents.Policies;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Policies;

/// <summary>What the actor's actions and densities are; derivatives have tests of their own.</summary>
public sealed class SquashedGaussianActorTests
{
    private static readonly BoxSpace Observations = new(3, -10, 10);
    private static readonly BoxSpace Actions = new(new double[] { -1, 2 }, new double[] { 3, 2.5 });

    [Fact]
    public void Actions_and_log_probabilities_agree_with_a_change_of_variables()
    {
        SquashedGaussianActor<double> actor = Make();
        SetOutputs(actor, [0.4, -1.1, -0.3, 0.6]);
        const int Rows = 50;
        var inputs = new Matrix<double>(Rows, 5);
        ActorPoint<double> point = actor.CreatePoint(Rows, null);
        point.Evaluate(actor.Parameters, Normals(Rows), Rows, RandomStream.FromSeed(2), inputs);
        for (int i = 0; i < Rows; i++)
        {
            // from the action alone: u = artanh, and the density of N(μ, σ²) over |d unit action / du|
            double expected = 0;
            for (int j = 0; j < 2; j++)
            {
                (double mean, double logStd) = j == 0 ? (0.4, -0.3) : (-1.1, 0.6);
                (double centre, double half) = j == 0 ? (1, 2.0) : (2.25, 0.25);
                double unit = (inputs[i, 3 + j] - centre) / half;
                double z = (Math.Atanh(unit) - mean) / Math.Exp(logStd);
                expected += Math.Log(Math.Exp(-z * z / 2) / (Math.Sqrt(2 * Math.PI) * Math.Exp(logStd)) / (1 - (unit * unit)));
            }

            point.LogProbabilities[i].ShouldBe(expected, 1e-9);
        }
    }

    [Fact]
    public void Observations_stand_before_the_actions_in_a_critics_input()
    {
        SquashedGaussianActor<double> actor = Make();
        Matrix<double> observations = Normals(4);
        var inputs = new Matrix<double>(4, 5);
        actor.CreatePoint(4, null).Evaluate(actor.Parameters, observations, 4, RandomStream.FromSeed(2), inputs);
        for (int i = 0; i < 4; i++)
        {
            inputs.Row(i)[..3].ToArray().ShouldBe(observations.Row(i).ToArray());
        }
    }

    [Theory]
    [InlineData(0.3, -0.5)]
    [InlineData(-1.5, 0.4)]
    public void Exploring_draws_from_the_density_whose_logarithm_is_reported(double mean, double logStd)
    {
        var actor = new SquashedGaussianActor<double>(Observations, new BoxSpace(1, -1, 1), Options(), RandomStream.FromSeed(1));
        SetOutputs(actor, [mean, logStd]);
        const int Rows = 200_000;
        var inputs = new Matrix<double>(Rows, 4);
        ActorPoint<double> point = actor.CreatePoint(Rows, null);
        point.Evaluate(actor.Parameters, new Matrix<double>(Rows, 3), Rows, RandomStream.FromSeed(2), inputs);

        // the reported density over the whole range of actions is a density: ∫ p(a) da = 1
        (double A, double P)[] curve = [.. Enumerable.Range(0, Rows).Select(i => (A: inputs[i, 3], P: Math.Exp(point.LogProbabilities[i]))).OrderBy(p => p.A)];
        double integral = 0;
        double[] below = [-0.8, -0.4, 0, 0.4, 0.8];
        double[] mass = new double[below.Length];
        for (int i = 1; i < Rows; i++)
        {
            integral += (curve[i].A - curve[i - 1].A) * (curve[i].P + curve[i - 1].P) / 2;
            for (int b = 0; b < below.Length; b++)
            {
                mass[b] = curve[i].A <= below[b] ? integral : mass[b];
            }
        }

        integral.ShouldBe(1, 1e-3);

        // and what Explore draws falls where that density says: five standard errors of a share of 40 000 draws
        RandomStream random = RandomStream.FromSeed(3);
        double[] action = new double[1];
        double[] shares = new double[below.Length];
        for (int n = 0; n < 40_000; n++)
        {
            actor.Explore([0, 0, 0], action, 123, random);
            for (int b = 0; b < below.Length; b++)
            {
                shares[b] += action[0] <= below[b] ? 1 / 40_000.0 : 0;
            }
        }

        for (int b = 0; b < below.Length; b++)
        {
            shares[b].ShouldBe(mass[b], 5 * 0.5 / 200 + 1e-3);
        }
    }

    [Fact]
    public void The_noise_behind_the_draws_has_the_mean_and_variance_of_the_network()
    {
        SquashedGaussianActor<double> actor = Make();
        SetOutputs(actor, [0.4, -0.7, -0.3, 0.2]);
        RandomStream random = RandomStream.FromSeed(8);
        double[] action = new double[2];
        double[] sum = new double[2];
        double[] squares = new double[2];
        const int Draws = 100_000;
        for (int n = 0; n < Draws; n++)
        {
            actor.Act([1, 2, 3], action, PolicyMode.Stochastic, random);
            for (int j = 0; j < 2; j++)
            {
                double u = Math.Atanh(j == 0 ? (action[0] - 1) / 2 : (action[1] - 2.25) / 0.25);
                (sum[j], squares[j]) = (sum[j] + u, squares[j] + (u * u));
            }
        }

        for (int j = 0; j < 2; j++)
        {
            double mean = sum[j] / Draws;
            double deviation = Math.Exp(j == 0 ? -0.3 : 0.2);
            // five standard errors
            mean.ShouldBe(j == 0 ? 0.4 : -0.7, 5 * deviation / Math.Sqrt(Draws));
            ((squares[j] / Draws) - (mean * mean)).ShouldBe(deviation * deviation, 5 * deviation * deviation * Math.Sqrt(2.0 / Draws));
        }
    }

    [Fact]
    public void The_greedy_action_is_that_of_the_mean_and_uses_no_randomness()
    {
        SquashedGaussianActor<double> actor = Make();
        SetOutputs(actor, [0.4, -1.1, 1, 1]);
        RandomStream random = RandomStream.FromSeed(8);
        double[] action = new double[2];
        actor.Act([1, 2, 3], action, PolicyMode.Greedy, random);
        action[0].ShouldBe(1 + (2 * Math.Tanh(0.4)), 1e-14);
        action[1].ShouldBe(2.25 + (0.25 * Math.Tanh(-1.1)), 1e-14);
        random.NextUInt64().ShouldBe(RandomStream.FromSeed(8).NextUInt64());
    }

    [Theory]
    [InlineData(-35, -20)]
    [InlineData(7, 2)]
    public void A_log_standard_deviation_beyond_its_bounds_counts_as_the_bound(double output, double bound)
    {
        (double[] Actions, double Log) At(double logStd)
        {
            SquashedGaussianActor<double> actor = Make();
            SetOutputs(actor, [0.4, -0.2, logStd, logStd]);
            var inputs = new Matrix<double>(1, 5);
            ActorPoint<double> point = actor.CreatePoint(1, null);
            point.Evaluate(actor.Parameters, new Matrix<double>(1, 3), 1, RandomStream.FromSeed(2), inputs);
            double[] drawn = new double[2];
            actor.Explore([0, 0, 0], drawn, 0, RandomStream.FromSeed(6));
            return ([.. inputs.Row(0)[3..], .. drawn], point.LogProbabilities[0]);
        }

        (double[] actions, double log) = At(output);
        (double[] expected, double expectedLog) = At(bound);
        actions.ShouldBe(expected);
        log.ShouldBe(expectedLog);
    }

    [Fact]
    public void Log_probabilities_stay_finite_where_the_action_is_at_the_edge_in_single_precision()
    {
        var actor = new SquashedGaussianActor<float>(Observations, Actions, Options(), RandomStream.FromSeed(1));
        ParameterBlock bias = actor.Layout.Bias(actor.Layout.Layers - 1);
        actor.Parameters.Clear();
        (actor.Parameters[bias.Offset], actor.Parameters[bias.Offset + 1]) = (40, -60);
        var inputs = new Matrix<float>(1, 5);
        ActorPoint<float> point = actor.CreatePoint(1, null);
        point.Evaluate(actor.Parameters, new Matrix<float>(1, 3), 1, RandomStream.FromSeed(2), inputs);
        inputs.Row(0)[3..].ToArray().ShouldBe([3f, 2f]);

        // −log(1 − tanh² u) → 2 (|u| − log 2), with σ = 1 and the first two draws of the stream
        float[] draws = new float[2];
        RandomStream.FromSeed(2).FillNormalBlock(draws);
        (double first, double second) = (draws[0], draws[1]);
        double expected = (-(first * first) - (second * second)) / 2 - Math.Log(2 * Math.PI)
            + (2 * (40 + first - Math.Log(2))) + (2 * (60 - second - Math.Log(2)));
        ((double)point.LogProbabilities[0]).ShouldBe(expected, 1e-4);
    }

    [Fact]
    public void Unbounded_actions_are_refused() =>
        Should.Throw<NotSupportedException>(() => new SquashedGaussianActor<float>(
            Observations, new BoxSpace(1, double.NegativeInfinity, 1), Options(), RandomStream.FromSeed(1))).Message.ShouldContain("finite");

    private static NetworkOptions Options() => OffPolicyOptions.Wide([4]);

    private static SquashedGaussianActor<double> Make() => new(Observations, Actions, Options(), RandomStream.FromSeed(1));

    /// <summary>Makes the network a constant.</summary>
    private static void SetOutputs(SquashedGaussianActor<double> actor, double[] outputs)
    {
        actor.Parameters.Clear();
        outputs.CopyTo(actor.Parameters.Span[actor.Layout.Bias(actor.Layout.Layers - 1).Offset..]);
    }

    private static Matrix<double> Normals(int rows)
    {
        var matrix = new Matrix<double>(rows, 3);
        RandomStream random = RandomStream.FromSeed(7);
        for (int i = 0; i < rows; i++)
        {
            random.FillNormal(matrix.Row(i));
        }

        return matrix;
    }
}
