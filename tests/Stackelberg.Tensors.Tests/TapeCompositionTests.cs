using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>The losses of actor-critic methods against closed forms and plain loops.</summary>
public sealed class TapeCompositionTests
{
    private const int Rows = 6;

    private readonly Tape<double> tape = new();
    private readonly RandomStream random = RandomStream.FromSeed(41);

    [Fact]
    public void Policy_gradient_of_a_categorical_policy_is_indicator_minus_probability()
    {
        int[] actions = [2, 0, 1, 1, 2, 0];
        double[] advantages = Normals(Rows);
        double[] logits = Normals(Rows * 3);
        Variable z = tape.Constant(logits, Rows, 3);
        Variable loss = tape.Sum(tape.Multiply(tape.CategoricalLogProbability(z, actions), tape.Constant(advantages, Rows, 1)));
        double[] gradient = Read(tape.Gradient(loss, z));
        for (int r = 0; r < Rows; r++)
        {
            double[] weights = [.. logits[(3 * r)..(3 * r + 3)].Select(Math.Exp)];
            for (int c = 0; c < 3; c++)
            {
                double expected = advantages[r] * ((actions[r] == c ? 1 : 0) - (weights[c] / weights.Sum()));
                gradient[(3 * r) + c].ShouldBe(expected, 1e-14);
            }
        }
    }

    [Fact]
    public void Categorical_entropy_and_its_gradient_match_their_closed_forms()
    {
        double[] logits = Normals(Rows * 4);
        Variable z = tape.Constant(logits, Rows, 4);
        Variable entropy = tape.CategoricalEntropy(z);
        double[] values = Read(entropy);
        double[] gradient = Read(tape.Gradient(tape.Sum(entropy), z));
        for (int r = 0; r < Rows; r++)
        {
            double[] weights = [.. logits[(4 * r)..(4 * r + 4)].Select(Math.Exp)];
            double[] p = [.. weights.Select(w => w / weights.Sum())];
            double h = -p.Sum(x => x * Math.Log(x));
            values[r].ShouldBe(h, 1e-14);
            for (int c = 0; c < 4; c++)
            {
                gradient[(4 * r) + c].ShouldBe(-p[c] * (Math.Log(p[c]) + h), 1e-14);
            }
        }
    }

    [Fact]
    public void Gaussian_log_probability_and_its_gradients_match_their_closed_forms()
    {
        double[] mean = Normals(Rows * 2);
        double[] actions = Normals(Rows * 2);
        double[] logStd = [-0.4, 0.3];
        Variable m = tape.Constant(mean, Rows, 2);
        Variable s = tape.Constant(logStd, 1, 2);
        Variable logProbability = tape.GaussianLogProbability(m, s, tape.Constant(actions, Rows, 2));
        double[] values = Read(logProbability);
        Variable[] gradients = new Variable[2];
        tape.Gradient(tape.Sum(logProbability), [m, s], gradients);
        double[] byMean = Read(gradients[0]);
        double[] byStd = new double[2];
        for (int r = 0; r < Rows; r++)
        {
            double expected = 0;
            for (int c = 0; c < 2; c++)
            {
                double sigma = Math.Exp(logStd[c]);
                double z = (actions[(2 * r) + c] - mean[(2 * r) + c]) / sigma;
                expected += Math.Log(Math.Exp(-0.5 * z * z) / (sigma * Math.Sqrt(2 * Math.PI)));
                byMean[(2 * r) + c].ShouldBe(z / sigma, 1e-13);
                byStd[c] += (z * z) - 1;
            }

            values[r].ShouldBe(expected, 1e-13);
        }

        Read(gradients[1]).ShouldBe(byStd, 1e-13);
        tape.Value(tape.GaussianEntropy(s)).ShouldBe(logStd.Sum() + Math.Log(2 * Math.PI * Math.E), 1e-14);
    }

    [Fact]
    public void Generalised_advantages_and_their_gradient_match_the_double_loop()
    {
        double[] rewards = Normals(Rows);
        double[] values = Normals(Rows + 1);
        double[] goes = [1, 1, 0, 1, 1, 1];
        const double gamma = 0.9;
        const double lambda = 0.8;
        Variable v = tape.Constant(values, Rows + 1, 1);
        Variable next = tape.Multiply(tape.SliceRows(v, 1, Rows), tape.Constant(goes, Rows, 1));
        Variable delta = tape.Subtract(tape.Add(tape.Constant(rewards, Rows, 1), tape.Scale(next, gamma)), tape.SliceRows(v, 0, Rows));
        Variable advantage = tape.DiscountedSums(delta, [.. goes.Select(g => gamma * lambda * g)]);
        double[] actual = Read(advantage);
        double[] seeds = Normals(Rows);
        double[] gradient = new double[Rows + 1];
        for (int t = 0; t < Rows; t++)
        {
            double weight = 1;
            double expected = 0;
            for (int k = t; k < Rows; k++)
            {
                expected += weight * (rewards[k] + (gamma * goes[k] * values[k + 1]) - values[k]);
                gradient[k + 1] += seeds[t] * weight * gamma * goes[k];
                gradient[k] -= seeds[t] * weight;
                weight *= gamma * lambda * goes[k];
            }

            actual[t].ShouldBe(expected, 1e-14);
        }

        Variable[] result = new Variable[1];
        tape.Gradient([advantage], [tape.Constant(seeds, Rows, 1)], [v], result);
        Read(result[0]).ShouldBe(gradient, 1e-14);
    }

    [Fact]
    public void Semi_gradient_of_a_twin_critic_loss_sees_through_neither_target_nor_minimum()
    {
        double[] q = Normals(Rows);
        double[] first = Normals(Rows);
        double[] second = Normals(Rows);
        double[] rewards = Normals(Rows);
        Variable online = tape.Constant(q, Rows, 1);
        Variable a = tape.Constant(first, Rows, 1);
        Variable minimum = tape.Minimum(a, tape.Constant(second, Rows, 1));
        Variable target = tape.StopGradient(tape.Add(tape.Constant(rewards, Rows, 1), tape.Scale(minimum, 0.99)));
        Variable loss = tape.Mean(tape.Square(tape.Subtract(online, target)));
        double[] expected = [.. Enumerable.Range(0, Rows).Select(
            i => 2.0 / Rows * (q[i] - rewards[i] - (0.99 * Math.Min(first[i], second[i]))))];
        Variable[] gradients = new Variable[2];
        tape.Gradient(loss, [online, a], gradients);
        Read(gradients[0]).ShouldBe(expected, 1e-14);
        Read(gradients[1]).ShouldBe(new double[Rows]);
    }

    [Fact]
    public void Clipped_ratio_passes_the_gradient_only_where_clipping_does_not_bind()
    {
        double[] ratios = [0.5, 0.5, 1.0, 1.0, 1.5, 1.5];
        double[] advantages = [2, -3, 4, -5, 6, -7];
        Variable logProbability = tape.Constant([.. ratios.Select(r => Math.Log(r))], Rows, 1);
        Variable ratio = tape.Exp(logProbability);
        Variable advantage = tape.Constant(advantages, Rows, 1);
        Variable objective = tape.Minimum(tape.Multiply(ratio, advantage), tape.Multiply(tape.Clamp(ratio, 0.8, 1.2), advantage));
        Read(objective).ShouldBe([0.5 * 2, 0.8 * -3, 4, -5, 1.2 * 6, 1.5 * -7], 1e-14);
        Read(tape.Gradient(tape.Sum(objective), logProbability)).ShouldBe([0.5 * 2, 0, 4, -5, 0, 1.5 * -7], 1e-14);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mixed_product_of_an_actor_and_a_critic_matches_differences(bool throughDirection)
    {
        // L(θ, w) = mean (Q_w(s, tanh policy_θ(s)) − y)²: ∂/∂θ (∂L/∂w · v)
        var actor = new MlpLayout(3, [6], 2, Activation.Tanh, Activation.Tanh);
        var critic = new MlpLayout(5, [7, 4], 1, Activation.Tanh);
        FlatVector<double> theta = Parameters(actor);
        FlatVector<double> w = Parameters(critic);
        FlatVector<double> v = Parameters(critic);
        Variable states = default;
        double[] observations = Normals(Rows * 3);
        double[] targets = Normals(Rows);
        Variable[] thetaLeaves = new Variable[actor.Parameters.Blocks.Count];
        Variable[] wLeaves = new Variable[critic.Parameters.Blocks.Count];
        Variable[] vLeaves = new Variable[wLeaves.Length];
        var expected = new FlatVector<double>(actor.Parameters.Length);
        const double h = 1e-3;
        for (int k = 0; k < actor.Parameters.Count; k++)
        {
            int i = actor.Parameters.Coordinates[k];
            double original = theta[i];
            foreach ((double offset, double weight) in ((double, double)[])[(-2, 1.0 / 12), (-1, -8.0 / 12), (1, 8.0 / 12), (2, -1.0 / 12)])
            {
                theta[i] = original + (offset * h);
                expected[i] += weight / h * Slope();
            }

            theta[i] = original;
        }

        var actual = new FlatVector<double>(actor.Parameters.Length);
        Variable loss = Record();
        Variable[] products = new Variable[thetaLeaves.Length];
        if (throughDirection)
        {
            Variable[] slope = new Variable[1];
            tape.Jvp([loss], wLeaves, vLeaves, slope);
            tape.Gradient(slope[0], thetaLeaves, actor.Parameters, actual);
        }
        else
        {
            tape.MixedProduct(loss, wLeaves, vLeaves, thetaLeaves, products);
            tape.CopyTo(products, actor.Parameters, actual);
        }

        double error = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            error += Math.Pow(actual[i] - expected[i], 2);
        }

        Math.Sqrt(error).ShouldBeLessThan(1e-8 * Vectors.Norm<double>(expected.Span));

        Variable Record()
        {
            tape.Reset();
            tape.Leaves(actor.Parameters, theta, thetaLeaves);
            tape.Leaves(critic.Parameters, w, wLeaves);
            tape.Leaves(critic.Parameters, v, vLeaves);
            states = tape.Constant(observations, Rows, 3);
            Variable q = tape.Mlp(critic, tape.Concat(states, tape.Mlp(actor, states, thetaLeaves)), wLeaves);
            return tape.Mean(tape.Square(tape.Subtract(q, tape.Constant(targets, Rows, 1))));
        }

        double Slope()
        {
            Variable[] slope = new Variable[1];
            tape.Jvp([Record()], wLeaves, vLeaves, slope);
            return tape.Value(slope[0]);
        }
    }

    private double[] Normals(int count)
    {
        double[] values = new double[count];
        random.FillNormal(values);
        return values;
    }

    private FlatVector<double> Parameters(MlpLayout layout)
    {
        var vector = new FlatVector<double>(layout.Parameters.Length);
        for (int k = 0; k < layout.Parameters.Count; k++)
        {
            vector[layout.Parameters.Coordinates[k]] = 0.5 * random.NextNormal();
        }

        return vector;
    }

    private double[] Read(Variable variable)
    {
        double[] values = new double[tape.Rows(variable) * tape.Columns(variable)];
        tape.CopyTo(variable, values);
        return values;
    }
}
