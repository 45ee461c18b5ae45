using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class MlpEvaluatorTests
{
    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Evaluate_agrees_with_plain_loops(string text)
    {
        var test = new NetworkCase<double>(text);
        var evaluator = new MlpEvaluator<double>(test.Layout);
        var output = new double[test.Layout.Outputs];
        for (int row = 0; row < test.Rows; row++)
        {
            evaluator.Evaluate(test.Parameters, test.Inputs.Row(row), output);
            output.ShouldMatch(NaiveMlp.Evaluate(test.Layout, test.Parameters.Span, test.Inputs.Row(row)), 1e-12);
        }
    }

    [Theory]
    [InlineData("5-16-17-3 tanh tanh x30")]
    [InlineData("5-16-1 tanh identity x13")]
    public void Evaluate_of_a_batch_agrees_with_Forward(string text)
    {
        var test = new NetworkCase<double>(text);
        var outputs = new Matrix<double>(test.Rows + 1, test.Layout.Outputs);
        outputs[test.Rows, 0] = 42;
        new MlpEvaluator<double>(test.Layout).Evaluate(test.Parameters, test.Inputs, outputs, test.Rows);
        Matrix<double> expected = test.Linearise().Outputs;
        for (int row = 0; row < test.Rows; row++)
        {
            outputs.Row(row).ShouldMatch(expected.Row(row), 1e-14);
        }

        outputs[test.Rows, 0].ShouldBe(42);
    }

    [Fact]
    public void Wrong_lengths_are_refused_with_both_lengths()
    {
        var test = new NetworkCase<double>("5-16-3 tanh identity x1");
        var evaluator = new MlpEvaluator<double>(test.Layout);
        Should.Throw<ArgumentException>(() => evaluator.Evaluate(test.Parameters, new double[4], new double[3]))
            .Message.ShouldContain("4 elements; expected one element per input, 5");
        Should.Throw<ArgumentException>(() => evaluator.Evaluate(test.Parameters, new double[5], new double[2]))
            .Message.ShouldContain("2 elements; expected one element per output, 3");
        Should.Throw<ArgumentException>(() => evaluator.Evaluate(new FlatVector<double>(3), new double[5], new double[3]))
            .Message.ShouldContain("3 elements");
    }
}
