using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>What gradients and tangents promise beyond single operations: conventions, totals, flat vectors, higher orders.</summary>
public sealed class TapeGradientTests
{
    private readonly Tape<double> tape = new();

    [Fact]
    public void Kinks_follow_the_stated_conventions()
    {
        Variable x = tape.Constant([0.0, -1.0, 1.0], 1, 3);
        Variable same = tape.Constant([0.0, -1.0, 1.0], 1, 3);
        Read(tape.Gradient(tape.Sum(tape.Relu(x)), x)).ShouldBe([0.0, 0.0, 1.0]);
        Read(tape.Gradient(tape.Sum(tape.Clamp(x, -1, 1)), x)).ShouldBe([1.0, 1.0, 1.0]);
        foreach (Variable extremum in (Variable[])[tape.Minimum(x, same), tape.Maximum(x, same)])
        {
            Variable sum = tape.Sum(extremum);
            Read(tape.Gradient(sum, x)).ShouldBe([1.0, 1.0, 1.0]);
            Read(tape.Gradient(sum, same)).ShouldBe([0.0, 0.0, 0.0]);
            tape.Value(tape.Jvp(sum, x, x)).ShouldBe(0.0);
            Read(tape.Jvp(extremum, same, same)).ShouldBe([0.0, 0.0, 0.0]);
        }
    }

    [Fact]
    public void Third_and_fourth_derivatives_of_tanh_match_their_closed_forms()
    {
        foreach (double at in (double[])[-0.9, 0.0, 0.4])
        {
            Variable x = tape.Constant(at);
            Variable derivative = tape.Tanh(x);
            double h = Math.Tanh(at);
            double s = 1 - (h * h);
            double[] expected = [s, -2 * h * s, s * ((6 * h * h) - 2), h * s * (16 - (24 * h * h))];
            for (int order = 0; order < expected.Length; order++)
            {
                // modes in turn: reverse, forward, reverse, forward
                derivative = order % 2 == 0 ? tape.Gradient(derivative, x) : tape.Jvp(derivative, x, tape.Constant(1));
                tape.Value(derivative).ShouldBe(expected[order], 1e-13);
            }
        }
    }

    [Fact]
    public void Third_derivative_of_a_network_matches_differences_of_the_Hessian_product()
    {
        double[] point = [.. Enumerable.Range(0, 12).Select(i => Math.Sin(3 * i) / 2)];
        double[] v = [.. Enumerable.Range(0, 12).Select(i => Math.Cos(5 * i))];
        double[] third = Product(point, 3);
        const double h = 1e-3;
        double[] expected = new double[12];
        foreach ((double offset, double weight) in ((double, double)[])[(-2, 1.0 / 12), (-1, -8.0 / 12), (1, 8.0 / 12), (2, -1.0 / 12)])
        {
            double[] moved = Product([.. point.Select((p, i) => p + (offset * h * v[i]))], 2);
            for (int i = 0; i < 12; i++)
            {
                expected[i] += weight * moved[i] / h;
            }
        }

        Distance(third, expected).ShouldBeLessThan(1e-8 * Distance(expected, new double[12]));

        // the derivatives of Σ tanh(x w)² along v, order times, as a function of w
        double[] Product(double[] at, int order)
        {
            tape.Reset();
            Variable w = tape.Constant(at, 3, 4);
            Variable direction = tape.Constant(v, 3, 4);
            Variable x = tape.Constant([0.3, -0.7, 0.2, 1.1, 0.5, -0.4], 2, 3);
            Variable gradient = tape.Gradient(tape.Sum(tape.Square(tape.Tanh(tape.MatMul(x, w)))), w);
            for (int i = 1; i < order; i++)
            {
                gradient = tape.Gradient(tape.Sum(tape.Multiply(gradient, direction)), w);
            }

            return Read(gradient);
        }
    }

    [Fact]
    public void A_result_among_the_variables_gets_its_own_and_passes_on_the_total()
    {
        // f = h² x with h = 3x: ∂f/∂h = 2 h x, df/dx = 27 x²
        Variable x = tape.Constant(2);
        Variable h = tape.Scale(x, 3);
        Variable f = tape.Multiply(tape.Square(h), x);
        Variable[] gradients = new Variable[2];
        tape.Gradient(f, [x, h], gradients);
        tape.Value(gradients[0]).ShouldBe(9 * 3 * 4, 1e-12);
        tape.Value(gradients[1]).ShouldBe(2 * 6 * 2, 1e-12);

        // the adjoint of the same: tangents of x and h add up
        Variable[] tangent = new Variable[1];
        tape.Jvp([f], [x, h], [tape.Constant(0.5), tape.Constant(-2)], tangent);
        tape.Value(tangent[0]).ShouldBe((0.5 * 108) + (-2 * 24), 1e-12);
    }

    [Fact]
    public void A_tangent_given_for_a_layer_stands_behind_its_activation()
    {
        Variable x = tape.Constant([0.5], 1, 1);
        Variable w = tape.Constant([0.3, -0.8], 1, 2);
        Variable b = tape.Constant([0.1, 0.2], 1, 2);
        Variable y = tape.Linear(x, w, b, Activation.Tanh);
        Variable f = tape.Square(y);
        Variable[] tangent = new Variable[1];
        tape.Jvp([f], [x, y], [tape.Constant(2), tape.Constant([1.0, -1.0], 1, 2)], tangent);
        double[] h = Read(y);
        double[] expected = [2 * h[0] * (((1 - (h[0] * h[0])) * 0.6) + 1), 2 * h[1] * (((1 - (h[1] * h[1])) * -1.6) - 1)];
        Distance(Read(tangent[0]), expected).ShouldBeLessThan(1e-14);
    }

    [Fact]
    public void Several_outputs_with_seeds_add_up()
    {
        Variable x = tape.Constant([1.0, 2.0], 1, 2);
        Variable[] gradient = new Variable[1];
        tape.Gradient([tape.Square(x), tape.Sum(x), x], [tape.Constant([1.0, 10.0], 1, 2), tape.Constant(100), tape.Constant(1000, 1, 2)], [x], gradient);
        Read(gradient[0]).ShouldBe([1102.0, 1140.0]);
    }

    [Fact]
    public void What_no_output_depends_on_has_a_gradient_of_zeros()
    {
        Variable x = tape.Constant(1, 3, 2);
        Variable other = tape.Constant(1, 2, 20);
        Variable f = tape.Sum(x);
        Variable late = tape.Constant(5);
        Variable[] gradients = new Variable[2];
        tape.Gradient(f, [other, late], gradients);
        Read(gradients[0]).ShouldBe(new double[40]);
        Read(gradients[1]).ShouldBe([0.0]);
        Read(tape.Jvp(f, other, other)).ShouldBe([0.0]);
    }

    [Fact]
    public void Flat_gradients_cover_tensors_used_linearly_twice_or_not_at_all()
    {
        var layout = new ParameterLayout([("passed", 2, 3), ("twice", 2, 3), ("unused", 1, 5), ("column", 4, 1)]);
        var parameters = new FlatVector<double>(layout.Length);
        for (int i = 0; i < layout.Count; i++)
        {
            parameters[layout.Coordinates[i]] = i + 1;
        }

        Variable[] p = new Variable[4];
        tape.Leaves(layout, parameters, p);
        Variable seed = tape.Constant([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
        Variable y = tape.Add(p[0], tape.Multiply(p[1], p[1]));
        Variable column = tape.MatMul(tape.Constant(2, 1, 4), p[3]);
        var gradient = new FlatVector<double>(layout.Length);
        gradient.Span.Fill(double.NaN);
        Variable[] scratch = new Variable[4];
        tape.Gradient([y, column], [seed, tape.Constant(1)], p, layout, gradient);
        tape.Gradient([y, column], [seed, tape.Constant(1)], p, scratch);

        double[] actual = [.. Enumerable.Range(0, layout.Count).Select(i => gradient[layout.Coordinates[i]])];
        double[] expected =
        [
            1, 2, 3, 4, 5, 6,
            1 * 2 * 7, 2 * 2 * 8, 3 * 2 * 9, 4 * 2 * 10, 5 * 2 * 11, 6 * 2 * 12,
            0, 0, 0, 0, 0,
            2, 2, 2, 2,
        ];
        actual.ShouldBe(expected);
        gradient.Span.ToArray().Sum().ShouldBe(expected.Sum());
        Read(scratch[0]).ShouldBe([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    [Fact]
    public void Flat_gradients_refuse_a_wrong_layout_or_a_repeated_variable()
    {
        var layout = new ParameterLayout([("a", 2, 2), ("b", 2, 2)]);
        var vector = new FlatVector<double>(layout.Length);
        Variable[] p = new Variable[2];
        tape.Leaves(layout, vector, p);
        Variable f = tape.Sum(p[0]);
        Should.Throw<ArgumentException>(() => tape.Gradient(f, [p[0], p[0]], layout, vector)).Message.ShouldContain("'b' appears twice");
        Should.Throw<ArgumentException>(() => tape.Gradient(f, [p[0]], layout, vector)).Message.ShouldContain("1 variables");
        Should.Throw<ArgumentException>(() => tape.Gradient(f, p, layout, new FlatVector<double>(3))).Message.ShouldContain("elements");
        Should.Throw<ArgumentException>(() => tape.Gradient(p[0], p[1])).Message.ShouldContain("1 × 1");
        Should.Throw<ArgumentException>(() => tape.Gradient([f], [p[0]], [p[1]], new Variable[1])).Message.ShouldContain("seed");
        Should.Throw<ArgumentException>(() => tape.Jvp(f, p[0], f)).Message.ShouldContain("tangent");

        // a refused call leaves nothing behind
        tape.Gradient(f, p, layout, vector);
        vector.Span.ToArray().Sum().ShouldBe(4);
    }

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Select((v, i) => Math.Pow(v - y[i], 2)).Sum());

    private double[] Read(Variable variable)
    {
        double[] values = new double[tape.Rows(variable) * tape.Columns(variable)];
        tape.CopyTo(variable, values);
        return values;
    }
}
