using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class NaiveMlpTests
{
    [Theory]
    [InlineData("4-5-3 tanh tanh x1")]
    [InlineData("3-5-5-2 tanh identity x1")]
    [InlineData("3-6-5-1 relu identity x1")]
    public void Pullback_is_the_derivative_of_Evaluate(string text)
    {
        var test = new NetworkCase<double>(text);
        MlpLayout layout = test.Layout;
        double[][] jacobian = NaiveMlp.Jacobian(layout, test.Parameters.Span, test.Inputs.Row(0));
        for (int logical = 0; logical < layout.Parameters.Count; logical++)
        {
            int position = layout.Parameters.Coordinates[logical];
            double[] difference = Difference(test.Parameters.Span, position, () => NaiveMlp.Evaluate(layout, test.Parameters.Span, test.Inputs.Row(0)));
            for (int output = 0; output < layout.Outputs; output++)
            {
                jacobian[output][position].ShouldBe(difference[output], 1e-9);
            }
        }

        double[] seed = new double[layout.Outputs];
        seed[^1] = 1;
        double[] toInput = NaiveMlp.Pullback(layout, test.Parameters.Span, test.Inputs.Row(0), seed).Input;
        for (int i = 0; i < layout.Inputs; i++)
        {
            double[] difference = Difference(test.Inputs.Row(0), i, () => NaiveMlp.Evaluate(layout, test.Parameters.Span, test.Inputs.Row(0)));
            toInput[i].ShouldBe(difference[^1], 1e-9);
        }
    }

    private static double[] Difference(Span<double> point, int position, Func<double[]> function)
    {
        // small against the distance to a kink of ReLU, large against rounding
        const double Step = 1e-6;
        double middle = point[position];
        point[position] = middle + Step;
        double[] above = function();
        point[position] = middle - Step;
        double[] below = function();
        point[position] = middle;
        return [.. above.Zip(below, (a, b) => (a - b) / (2 * Step))];
    }
}
