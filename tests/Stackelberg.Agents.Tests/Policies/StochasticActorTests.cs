using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Policies;

public sealed class StochasticActorTests
{
    private const int Rows = 9;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Score_is_the_gradient_of_the_weighted_log_likelihood(bool discrete)
    {
        (StochasticActor<double> actor, Matrix<double> observations, Matrix<double> actions) = Make(discrete);
        double[] weights = Normals(Rows, 3);
        var gradient = new FlatVector<double>(actor.Parameters.Length);
        actor.Evaluate(observations, Rows);
        actor.Score(actions, weights, gradient);

        const double Step = 1e-5;
        CoordinateMap coordinates = actor.Layout.Parameters.Coordinates;
        double[] expected = new double[actor.Parameters.Length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            ref double parameter = ref actor.Parameters[coordinates[i]];
            double saved = parameter;
            parameter = saved + Step;
            double up = Likelihood(actor, observations, actions, weights);
            parameter = saved - Step;
            double down = Likelihood(actor, observations, actions, weights);
            parameter = saved;
            expected[coordinates[i]] = (up - down) / (2 * Step);
        }

        Learners.RelativeError(gradient.Span, expected).ShouldBeLessThan(1e-8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Score_products_are_the_transpose_of_the_score(bool discrete)
    {
        (StochasticActor<double> actor, Matrix<double> observations, Matrix<double> actions) = Make(discrete);
        double[] direction = new double[actor.Parameters.Length];
        CoordinateMap coordinates = actor.Layout.Parameters.Coordinates;
        double[] noise = Normals(coordinates.Count, 8);
        for (int i = 0; i < coordinates.Count; i++)
        {
            direction[coordinates[i]] = noise[i];
        }

        double[] products = new double[Rows];
        double[] weights = Normals(Rows, 4);
        var gradient = new FlatVector<double>(actor.Parameters.Length);
        actor.Evaluate(observations, Rows);
        actor.ScoreProducts(actions, direction, products);
        actor.Score(actions, weights, gradient);

        Vectors.Dot<double>(weights, products).ShouldBe(Vectors.Dot<double>(gradient.Span, direction), 1e-12);
    }

    [Fact]
    public void Categorical_actions_are_drawn_with_the_probabilities_of_their_log_likelihood()
    {
        (StochasticActor<double> actor, Matrix<double> observations, Matrix<double> actions) = Make(discrete: true);
        actor.Evaluate(observations, 1);
        double[] log = new double[Rows];
        double[] probabilities = new double[3];
        for (int a = 0; a < 3; a++)
        {
            actions[0, 0] = a;
            actor.LogProbabilities(actions, log);
            probabilities[a] = Math.Exp(log[0]);
        }

        probabilities.Sum().ShouldBe(1, 1e-12);
        const int Draws = 40_000;
        double[] counts = new double[3];
        var random = RandomStream.FromSeed(2);
        double[] action = new double[1];
        for (int i = 0; i < Draws; i++)
        {
            actor.Draw(observations.Row(0), action, PolicyMode.Stochastic, random);
            counts[(int)action[0]]++;
        }

        for (int a = 0; a < 3; a++)
        {
            double deviation = Math.Sqrt(probabilities[a] * (1 - probabilities[a]) / Draws);
            (counts[a] / Draws).ShouldBe(probabilities[a], 4 * deviation);
        }

        actor.Draw(observations.Row(0), action, PolicyMode.Greedy, random);
        probabilities[(int)action[0]].ShouldBe(probabilities.Max());
    }

    [Fact]
    public void Gaussian_actions_have_the_mean_and_deviation_of_their_log_likelihood()
    {
        (StochasticActor<double> actor, Matrix<double> observations, Matrix<double> actions) = Make(discrete: false);
        double[] mean = new double[2];
        var random = RandomStream.FromSeed(2);
        actor.Draw(observations.Row(0), mean, PolicyMode.Greedy, random);

        const int Draws = 40_000;
        double[] sum = new double[2];
        double[] squares = new double[2];
        double[] action = new double[2];
        for (int i = 0; i < Draws; i++)
        {
            actor.Draw(observations.Row(0), action, PolicyMode.Stochastic, random);
            for (int j = 0; j < 2; j++)
            {
                sum[j] += action[j];
                squares[j] += (action[j] - mean[j]) * (action[j] - mean[j]);
            }
        }

        double sigma = Math.Exp(-0.5);
        actor.Evaluate(observations, 1);
        mean.CopyTo(actions.Row(0));
        double[] log = new double[Rows];
        actor.LogProbabilities(actions, log);
        log[0].ShouldBe(-2 * Math.Log(sigma * Math.Sqrt(2 * Math.PI)), 1e-12);
        for (int j = 0; j < 2; j++)
        {
            (sum[j] / Draws).ShouldBe(mean[j], 4 * sigma / Math.Sqrt(Draws));
            (squares[j] / Draws).ShouldBe(sigma * sigma, 4 * Math.Sqrt(2.0 / Draws) * sigma * sigma);
        }
    }

    [Fact]
    public void Only_what_the_environment_sees_is_clipped()
    {
        (StochasticActor<double> actor, Matrix<double> observations, _) = Make(discrete: false);
        var random = RandomStream.FromSeed(2);
        double[] drawn = new double[2];
        double[] given = new double[2];
        bool clipped = false;
        for (int i = 0; i < 200; i++)
        {
            actor.Draw(observations.Row(1), drawn, PolicyMode.Stochastic, random);
            drawn.CopyTo(given, 0);
            actor.ToEnvironment(given);
            given.ShouldAllBe(a => a >= -1 && a <= 1);
            clipped |= given[0] != drawn[0];
        }

        clipped.ShouldBeTrue();
    }

    [Fact]
    public void Entropies_equal_their_closed_forms()
    {
        (StochasticActor<double> gaussian, Matrix<double> observations, _) = Make(discrete: false);
        gaussian.Evaluate(observations, Rows);
        gaussian.MeanEntropy().ShouldBe(2 * ((0.5 * Math.Log(2 * Math.PI * Math.E)) - 0.5), 1e-12);

        (StochasticActor<double> categorical, observations, Matrix<double> actions) = Make(discrete: true);
        categorical.Evaluate(observations, Rows);
        double expected = 0;
        double[] log = new double[Rows];
        for (int a = 0; a < 3; a++)
        {
            for (int i = 0; i < Rows; i++)
            {
                actions[i, 0] = a;
            }

            categorical.LogProbabilities(actions, log);
            expected -= log.Average(l => l * Math.Exp(l));
        }

        categorical.MeanEntropy().ShouldBe(expected, 1e-12);
    }

    private static (StochasticActor<double> Actor, Matrix<double> Observations, Matrix<double> Actions) Make(bool discrete)
    {
        var environment = new Drift(discrete, 10);
        var random = RandomStream.FromSeed(21);
        var options = new ActorOptions { Hidden = [5, 4] };
        StochasticActor<double> actor = StochasticActor<double>.For(
            environment.ObservationSpace, environment.ActionSpace, options, Rows, random.Split("actor"), null);
        var observations = new Matrix<double>(Rows, 2);
        var actions = new Matrix<double>(Rows, actor.ActionSize);
        for (int i = 0; i < Rows; i++)
        {
            random.FillNormal(observations.Row(i));
            random.FillNormal(actions.Row(i));
            if (discrete)
            {
                actions[i, 0] = random.NextInt32(3);
            }
        }

        return (actor, observations, actions);
    }

    private static double Likelihood(StochasticActor<double> actor, Matrix<double> observations, Matrix<double> actions, double[] weights)
    {
        double[] log = new double[Rows];
        actor.Evaluate(observations, Rows);
        actor.LogProbabilities(actions, log);
        return Vectors.Dot<double>(weights, log);
    }

    private static double[] Normals(int count, ulong seed)
    {
        double[] values = new double[count];
        RandomStream.FromSeed(seed).FillNormal(values.AsSpan());
        return values;
    }
}
