using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>Laws of linear algebra and calculus that the products of any network at any point obey.</summary>
public sealed class LinearisationLawTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Jvp_and_Vjp_are_adjoint() => Hold(static test =>
    {
        Matrix<double> tangents = test.Batch(test.Layout.Outputs);
        Matrix<double> cotangents = test.Batch(test.Layout.Outputs);
        FlatVector<double> direction = test.Parameters();
        var gradient = new FlatVector<double>(test.Length);
        test.At.Jvp(direction.Span, tangents);
        test.At.Vjp(cotangents, gradient);
        Close(Vectors.Dot<double>(tangents.Span, cotangents.Span), Vectors.Dot<double>(direction.Span, gradient.Span), gradient, direction);
    });

    [Fact]
    public void All_products_are_linear_in_their_direction() => Hold(static test =>
    {
        FlatVector<double> x = test.Parameters(), y = test.Parameters();
        Matrix<double> cotangents = test.Batch(test.Layout.Outputs);
        Linear(direction =>
        {
            var result = new double[test.Length];
            test.At.Hvp(direction, result);
            return result;
        });
        Linear(direction =>
        {
            var result = new double[test.Length];
            test.At.GaussNewtonProduct(direction, result);
            return result;
        });
        Linear(direction =>
        {
            var result = new Matrix<double>(test.Rows, test.Layout.Outputs);
            test.At.Jvp(direction, result);
            return result.Span.ToArray();
        });
        Linear(direction =>
        {
            var result = new Matrix<double>(test.Rows, test.Layout.Inputs);
            test.At.MixedInputProduct(direction, cotangents, result);
            return result.Span.ToArray();
        });

        void Linear(Func<double[], double[]> product)
        {
            double[] a = x.Span.ToArray(), b = y.Span.ToArray();
            double[] together = product([.. a.Zip(b, static (p, q) => (2 * p) - (0.75 * q))]);
            double[] first = product(a), second = product(b);
            double scale = Vectors.Norm<double>(first) + Vectors.Norm<double>(second);
            Distance(together, [.. first.Zip(second, static (p, q) => (2 * p) - (0.75 * q))]).ShouldBeLessThanOrEqualTo(Tolerance * scale);
        }
    });

    [Fact]
    public void The_Hessian_and_the_Gauss_Newton_matrix_are_symmetric_and_the_latter_has_no_negative_direction() => Hold(static test =>
    {
        FlatVector<double> x = test.Parameters(), y = test.Parameters(), hx = new(test.Length), hy = new(test.Length);
        test.At.Hvp(x.Span, hx.Span);
        test.At.Hvp(y.Span, hy.Span);
        Close(Vectors.Dot<double>(hx.Span, y.Span), Vectors.Dot<double>(x.Span, hy.Span), hx, y);
        test.At.GaussNewtonProduct(x.Span, hx.Span);
        test.At.GaussNewtonProduct(y.Span, hy.Span);
        Close(Vectors.Dot<double>(hx.Span, y.Span), Vectors.Dot<double>(x.Span, hy.Span), hx, y);
        // the curvatures of the loss are positive
        Vectors.Dot<double>(x.Span, hx.Span).ShouldBeGreaterThanOrEqualTo(0);
    });

    [Fact]
    public void The_Gauss_Newton_product_is_a_Jvp_a_scaling_and_a_Vjp() => Hold(static test =>
    {
        FlatVector<double> x = test.Parameters(), product = new(test.Length), composed = new(test.Length);
        var tangents = new Matrix<double>(test.Rows, test.Layout.Outputs);
        test.At.Jvp(x.Span, tangents);
        for (int row = 0; row < test.Rows; row++)
        {
            for (int column = 0; column < test.Layout.Outputs; column++)
            {
                tangents[row, column] *= test.Curvature[row, column];
            }
        }

        test.At.Vjp(tangents, composed);
        test.At.GaussNewtonProduct(x.Span, product.Span);
        Distance(product.Span, composed.Span).ShouldBeLessThanOrEqualTo(Tolerance * Vectors.Norm<double>(composed.Span));
    });

    [Fact]
    public void The_loss_gradient_is_the_Vjp_of_the_gradient_that_was_set() => Hold(static test =>
    {
        FlatVector<double> gradient = new(test.Length), pulled = new(test.Length);
        test.At.LossGradient(gradient);
        test.At.Vjp(test.Gradient, pulled);
        Distance(gradient.Span, pulled.Span).ShouldBeLessThanOrEqualTo(Tolerance * Vectors.Norm<double>(pulled.Span));
    });

    [Fact]
    public void The_sample_kernel_gives_the_squared_length_of_every_gradient() => Hold(
        static test =>
        {
            // ‖Σ cᵢ ∂outᵢ‖² = c K c, and the diagonal of K sums to the sum of the squares
            Matrix<double> c = test.Batch(1);
            var gradient = new FlatVector<double>(test.Length);
            var kernel = new double[test.Rows * test.Rows];
            var squares = new double[test.Length];
            test.At.Vjp(c, gradient);
            test.At.SampleKernel(kernel);
            test.At.PerSampleSquares([.. Enumerable.Repeat(1.0, test.Rows)], squares);
            double quadratic = 0, trace = 0;
            for (int i = 0; i < test.Rows; i++)
            {
                trace += kernel[(i * test.Rows) + i];
                for (int j = 0; j < test.Rows; j++)
                {
                    quadratic += c[i, 0] * kernel[(i * test.Rows) + j] * c[j, 0];
                    kernel[(i * test.Rows) + j].ShouldBe(kernel[(j * test.Rows) + i]);
                }
            }

            double size = trace * Vectors.Dot<double>(c.Span, c.Span);
            quadratic.ShouldBe(Vectors.Dot<double>(gradient.Span, gradient.Span), Tolerance * size);
            squares.Sum().ShouldBe(trace, Tolerance * trace);
        },
        outputs: 1);

    [Fact]
    public void Columns_of_the_Hessian_form_a_symmetric_matrix_and_sum_to_products() => Hold(
        static test =>
        {
            CoordinateMap map = test.Layout.Parameters.Coordinates;
            int count = map.Count, length = test.Length;
            int[] positions = [.. Enumerable.Range(0, count).Select(i => map[i])];
            var columns = new double[count * length];
            test.At.HessianColumns(positions, columns);
            double size = columns.Max(Math.Abs);
            FlatVector<double> x = test.Parameters();
            var product = new double[length];
            var sum = new double[length];
            test.At.Hvp(x.Span, product);
            double asymmetry = 0;
            for (int i = 0; i < count; i++)
            {
                Vectors.AddScaled<double>(sum, x[positions[i]], columns.AsSpan(i * length, length));
                for (int j = 0; j < i; j++)
                {
                    asymmetry = Math.Max(asymmetry, Math.Abs(columns[(i * length) + positions[j]] - columns[(j * length) + positions[i]]));
                }
            }

            asymmetry.ShouldBeLessThanOrEqualTo(Tolerance * size);
            Distance(sum, product).ShouldBeLessThanOrEqualTo(Tolerance * count * size);
        },
        outputs: 1);

    [Fact]
    public void Rows_in_another_order_give_the_same_sums_and_rows_twice_give_twice_as_much() => Hold(static test =>
    {
        int inputs = test.Layout.Inputs, outputs = test.Layout.Outputs;
        Matrix<double> both = new(2 * test.Rows, inputs), cotangents = new(2 * test.Rows, outputs);
        Matrix<double> c = test.Batch(outputs);
        for (int row = 0; row < test.Rows; row++)
        {
            // the second half in reverse
            foreach (int to in (int[])[row, (2 * test.Rows) - 1 - row])
            {
                test.Inputs.Row(row).CopyTo(both.Row(to));
                c.Row(row).CopyTo(cotangents.Row(to));
            }
        }

        FlatVector<double> once = new(test.Length), twice = new(test.Length);
        test.At.Vjp(c, once);
        var at = new Linearisation<double>(test.Layout, 2 * test.Rows);
        at.Forward(test.Point, both, 2 * test.Rows);
        at.Vjp(cotangents, twice);
        Vectors.Scale<double>(once.Span, 2);
        Distance(twice.Span, once.Span).ShouldBeLessThanOrEqualTo(Tolerance * Vectors.Norm<double>(once.Span));
    });

    private static void Hold(Action<RandomNetwork> law, int outputs = 0) => Laws.Hold(40, random => law(new RandomNetwork(random, outputs)));

    private static void Close(double a, double b, FlatVector<double> x, FlatVector<double> y) =>
        Math.Abs(a - b).ShouldBeLessThanOrEqualTo(Tolerance * Vectors.Norm<double>(x.Span) * Vectors.Norm<double>(y.Span));

    private static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var difference = new double[x.Length];
        Vectors.Subtract(x, y, difference);
        return Vectors.Norm<double>(difference);
    }
}
