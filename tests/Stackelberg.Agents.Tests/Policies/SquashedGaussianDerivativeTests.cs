using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Policies;

/// <summary>Derivatives of Σᵢ (cᵢ · aᵢ + dᵢ ℓᵢ) at fixed noise against finite differences.</summary>
public sealed class SquashedGaussianDerivativeTests
{
    private const int Rows = 12;
    private readonly SquashedGaussianActor<double> actor;
    private readonly Matrix<double> observations = Filled(Rows, 3, 7);
    private readonly Matrix<double> actionCotangents = Filled(Rows, 2, 8);
    private readonly double[] logCotangents = [.. Filled(Rows, 1, 9).Span];
    private readonly Matrix<double> inputs = new(Rows, 5);
    private readonly ActorPoint<double> point;

    public SquashedGaussianDerivativeTests()
    {
        NetworkOptions options = OffPolicyOptions.Wide([5, 4]) with { Activation = Activation.Tanh };
        actor = new SquashedGaussianActor<double>(
            new BoxSpace(3, -10, 10), new BoxSpace(new double[] { -1, 2 }, new double[] { 3, 2.5 }), options, RandomStream.FromSeed(1));

        // weights well away from their small start
        foreach (int position in Positions())
        {
            actor.Parameters[position] *= 2;
        }

        point = actor.CreatePoint(Rows, null);
    }

    [Fact]
    public void The_gradient_agrees_with_finite_differences()
    {
        Gradient().Count(g => g != 0).ShouldBe(actor.Layout.Parameters.Count);
        Learners.RelativeError(Gradient(), Differences()).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void Tangents_of_actions_agree_with_finite_differences()
    {
        double[] direction = Direction(3);
        Evaluate();
        var tangents = new Matrix<double>(Rows, 2);
        point.Jvp(direction, tangents);

        double[] expected = new double[tangents.Span.Length];
        foreach (int sign in (int[])[1, -1])
        {
            Shift(direction, sign * 1e-5);
            Evaluate();
            for (int i = 0; i < Rows; i++)
            {
                expected[i * tangents.Stride] += sign * inputs[i, 3] / 2e-5;
                expected[(i * tangents.Stride) + 1] += sign * inputs[i, 4] / 2e-5;
            }

            Shift(direction, -sign * 1e-5);
        }

        Learners.RelativeError(tangents.Span, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Hessian_products_agree_with_differences_of_gradients(double actionScale, double logScale)
    {
        Vectors.Scale(actionCotangents.Span, actionScale);
        Vectors.Scale(logCotangents.AsSpan(), logScale);
        Learners.RelativeError(HessianProduct(Direction(3)), GradientDifferences(Direction(3))).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void The_hessian_is_symmetric()
    {
        double one = Vectors.Dot<double>(HessianProduct(Direction(3)), Direction(4));
        double other = Vectors.Dot<double>(HessianProduct(Direction(4)), Direction(3));
        one.ShouldBe(other, 1e-11 * Math.Abs(one));
    }

    [Fact]
    public void Rows_with_a_clipped_log_standard_deviation_have_the_derivatives_of_a_constant_one()
    {
        // a steep output, so that some rows are below the range, some inside and some above
        ParameterBlock head = actor.Layout.Weight(actor.Layout.Layers - 1);
        for (int i = 0; i < head.Rows; i++)
        {
            actor.Parameters[head.Offset + (i * head.Stride) + 2] *= 60;
        }

        actor.Parameters[actor.Layout.Bias(actor.Layout.Layers - 1).Offset + 2] = -9;
        var evaluator = new MlpEvaluator<double>(actor.Layout);
        double[] output = new double[4];
        double[] logStd = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            evaluator.Evaluate(actor.Parameters, observations.Row(i), output);
            logStd[i] = output[2];
        }

        logStd.Count(l => l < -20).ShouldBeGreaterThan(0);
        logStd.Count(l => l is > -20 and < 2).ShouldBeGreaterThan(0);
        logStd.Count(l => l > 2).ShouldBeGreaterThan(0);

        Learners.RelativeError(Gradient(), Differences()).ShouldBeLessThan(1e-7);
        Learners.RelativeError(HessianProduct(Direction(3)), GradientDifferences(Direction(3))).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Evaluating_and_differentiating_allocates_nothing()
    {
        var noise = RandomStream.FromSeed(2);
        var gradient = new FlatVector<double>(actor.Parameters.Length);
        var tangents = new Matrix<double>(Rows, 2);
        double[] direction = Direction(3);
        double[] product = new double[direction.Length];
        void Everything()
        {
            point.Evaluate(actor.Parameters, observations, Rows, noise, inputs);
            point.Vjp(actionCotangents, logCotangents, gradient.Span);
            point.Jvp(direction, tangents);
            point.SetCotangents(actionCotangents, logCotangents);
            point.HessianProduct(direction, product);
        }

        Everything();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Everything();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_hessian_product_without_cotangents_is_refused()
    {
        double[] product = new double[actor.Parameters.Length];
        Evaluate();
        Should.Throw<InvalidOperationException>(() => point.HessianProduct(Direction(3), product)).Message.ShouldContain("SetCotangents");
    }

    /// <summary>Σᵢ (cᵢ · aᵢ + dᵢ ℓᵢ), always at the same noise.</summary>
    private double Evaluate()
    {
        point.Evaluate(actor.Parameters, observations, Rows, RandomStream.FromSeed(2), inputs);
        double sum = 0;
        for (int i = 0; i < Rows; i++)
        {
            sum += (actionCotangents[i, 0] * inputs[i, 3]) + (actionCotangents[i, 1] * inputs[i, 4]);
            sum += logCotangents[i] * point.LogProbabilities[i];
        }

        return sum;
    }

    private double[] Gradient()
    {
        Evaluate();
        var gradient = new FlatVector<double>(actor.Parameters.Length);
        point.Vjp(actionCotangents, logCotangents, gradient.Span);
        return gradient.Span.ToArray();
    }

    private double[] Differences()
    {
        double[] differences = new double[actor.Parameters.Length];
        foreach (int position in Positions())
        {
            double kept = actor.Parameters[position];
            actor.Parameters[position] = kept + 1e-5;
            double above = Evaluate();
            actor.Parameters[position] = kept - 1e-5;
            differences[position] = (above - Evaluate()) / 2e-5;
            actor.Parameters[position] = kept;
        }

        return differences;
    }

    private double[] HessianProduct(double[] direction)
    {
        Evaluate();
        point.SetCotangents(actionCotangents, logCotangents);

        // other products at the same point must not disturb it
        point.Vjp(Filled(Rows, 2, 21), Filled(Rows, 1, 22).Span, new double[actor.Parameters.Length]);
        double[] product = new double[direction.Length];
        point.HessianProduct(direction, product);
        return product;
    }

    private double[] GradientDifferences(double[] direction)
    {
        Shift(direction, 1e-5);
        double[] above = Gradient();
        Shift(direction, -2e-5);
        double[] below = Gradient();
        Shift(direction, 1e-5);
        return [.. above.Zip(below, static (a, b) => (a - b) / 2e-5)];
    }

    private void Shift(double[] direction, double scale) => Vectors.AddScaled(actor.Parameters.Span, scale, direction);

    private double[] Direction(ulong seed)
    {
        double[] direction = new double[actor.Parameters.Length];
        RandomStream random = RandomStream.FromSeed(seed);
        foreach (int position in Positions())
        {
            direction[position] = random.NextNormal();
        }

        return direction;
    }

    private IEnumerable<int> Positions()
    {
        CoordinateMap coordinates = actor.Layout.Parameters.Coordinates;
        for (int i = 0; i < coordinates.Count; i++)
        {
            yield return coordinates[i];
        }
    }

    private static Matrix<double> Filled(int rows, int columns, ulong seed)
    {
        var matrix = new Matrix<double>(rows, columns);
        RandomStream random = RandomStream.FromSeed(seed);
        for (int i = 0; i < rows; i++)
        {
            random.FillNormal(matrix.Row(i));
        }

        return matrix;
    }
}
