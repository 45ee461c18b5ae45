namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>The hand-written derivatives against general automatic differentiation: two programs, one result.</summary>
public sealed class LinearisationTapeTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Gradient_and_products_agree_with_the_tape(string text)
    {
        var test = new LossCase(text);
        NetworkCase<double> network = test.Network;
        ParameterLayout layout = network.Layout.Parameters;
        FlatVector<double> direction = network.RandomParameters(), actual = new(network.Length), expected = new(network.Length);
        var tape = new Tape<double>();
        Span<Variable> parameters = new Variable[layout.Blocks.Count];
        Span<Variable> tangents = new Variable[layout.Blocks.Count];
        Span<Variable> products = new Variable[layout.Blocks.Count];
        tape.Leaves(layout, network.Parameters, parameters);
        tape.Leaves(layout, direction, tangents);
        Variable output = tape.Mlp(network.Layout, tape.Leaf(network.Inputs, network.Rows), parameters);
        Variable curvature = tape.Leaf(test.Curvature, network.Rows);
        Variable distance = tape.Subtract(output, tape.StopGradient(output));
        Variable loss = tape.Sum(tape.Add(
            tape.Multiply(tape.Leaf(test.Gradient, network.Rows), output),
            tape.Scale(tape.Multiply(curvature, tape.Square(distance)), 0.5)));

        tape.Gradient(loss, parameters, layout, expected);
        test.Linearisation.LossGradient(actual);
        actual.Span.ShouldMatch(expected.Span, Tolerance);

        tape.HessianProduct(loss, parameters, tangents, products);
        tape.CopyTo(products, layout, expected);
        test.Linearisation.Hvp(direction.Span, actual.Span);
        actual.Span.ShouldMatch(expected.Span, Tolerance);
        tape.HessianProductForward(loss, parameters, tangents, products);
        tape.CopyTo(products, layout, expected);
        actual.Span.ShouldMatch(expected.Span, Tolerance);

        Span<Variable> outputs = [output];
        Span<Variable> outputTangents = new Variable[1];
        tape.Jvp(outputs, parameters, tangents, outputTangents);
        var batch = new Matrix<double>(network.Rows, network.Layout.Outputs);
        test.Linearisation.Jvp(direction.Span, batch);
        for (int row = 0; row < network.Rows; row++)
        {
            batch.Row(row).ShouldMatch(tape.Row(outputTangents[0], row), Tolerance);
        }

        tape.Gradient(outputs, [tape.Multiply(curvature, outputTangents[0])], parameters, layout, expected);
        test.Linearisation.GaussNewtonProduct(direction.Span, actual.Span);
        actual.Span.ShouldMatch(expected.Span, Tolerance);
    }
}
