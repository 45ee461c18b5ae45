using System.Reflection;
using Stackelberg.Tensors.Internals;

namespace Stackelberg.Tensors.Tests;

/// <summary>First and second derivatives of every operation, in both modes, against five-point differences in double precision.</summary>
public sealed class TapeOperationTests
{
    private const double Tolerance = 1e-8;

    private const double Step = 1e-3;

    // f′(0) ≈ Σ weight f(offset h) / h with error h⁴ f⁽⁵⁾ / 30
    private static readonly (double Offset, double Weight)[] Stencil = [(-2, 1.0 / 12), (-1, -8.0 / 12), (1, 8.0 / 12), (2, -1.0 / 12)];

    private readonly Tape<double> tape = new(64);

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < TapeOperationCases.All.Count; i++)
            {
                data.Add(i, TapeOperationCases.All[i].ToString());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_matches_differences(int index, string name)
    {
        _ = name;
        var problem = new Problem(TapeOperationCases.All[index]);
        double[] gradient = problem.Gradient(tape, 0);
        double[] expected = new double[gradient.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            double[] unit = new double[expected.Length];
            unit[i] = 1;
            expected[i] = Difference(step => [problem.Loss(tape, step, unit)])[0];
        }

        ShouldAgree(gradient, expected);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Jvp_matches_differences(int index, string name)
    {
        _ = name;
        var problem = new Problem(TapeOperationCases.All[index]);
        double[] expected = Difference(step => problem.Output(tape, step));
        ShouldAgree(problem.Tangent(tape), expected);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Hessian_products_in_all_modes_match_differences_of_the_gradient(int index, string name)
    {
        _ = name;
        var problem = new Problem(TapeOperationCases.All[index]);
        double[] expected = Difference(step => problem.Gradient(tape, step));
        foreach (SecondOrder mode in Enum.GetValues<SecondOrder>())
        {
            ShouldAgree(problem.HessianProduct(tape, mode), expected, mode.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Padding_stays_zero_whatever_the_storage_held(int index, string name)
    {
        _ = name;
        var problem = new Problem(TapeOperationCases.All[index]);
        foreach (SecondOrder mode in Enum.GetValues<SecondOrder>())
        {
            // once to make the arena large enough, then with garbage in it
            problem.HessianProduct(tape, mode);
            tape.Reset();
            tape.FillFreeStorage(double.NaN);
            problem.HessianProduct(tape, mode, reset: false).ShouldAllBe(x => double.IsFinite(x));
            for (int i = 0; i < tape.Count; i++)
            {
                PaddingShouldBeZero(in tape.Node(i), i);
            }
        }
    }

    [Fact]
    public void Every_operation_is_the_function_of_some_case()
    {
        var recorded = new HashSet<Operation>();
        foreach (TapeOperationCase @case in TapeOperationCases.All)
        {
            new Problem(@case).Output(tape, 0);
            for (int i = 0; i < tape.Count; i++)
            {
                recorded.Add(tape.Node(i).Operation);
            }
        }

        // a stopped gradient and a copy out of the tape have no derivative; TapeTests and TapeGradientTests look at them
        Operation[] without = [Operation.StopGradient, Operation.Copy];
        Enum.GetValues<Operation>().Except(without).Except(recorded).ShouldBeEmpty();
    }

    [Fact]
    public void Every_recording_method_has_a_case()
    {
        string[] without = ["Leaf", "Constant", "StopGradient", "Mlp"];
        IEnumerable<string> methods = typeof(Tape<double>)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.ReturnType == typeof(Variable))
            .Select(m => m.Name)
            .Distinct();
        methods.Except(without).Except(TapeOperationCases.All.Select(c => c.Method)).ShouldBeEmpty();
    }

    private static double[] Difference(Func<double, double[]> f)
    {
        double[]? sum = null;
        foreach ((double offset, double weight) in Stencil)
        {
            double[] value = f(offset * Step);
            sum ??= new double[value.Length];
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * value[i] / Step;
            }
        }

        return sum!;
    }

    private static void ShouldAgree(double[] actual, double[] expected, string? message = null)
    {
        actual.Length.ShouldBe(expected.Length);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            difference += Math.Pow(actual[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        // a derivative that is zero everywhere has no relative error: differences leave rounding of 1e-13 or so
        Math.Sqrt(difference).ShouldBeLessThanOrEqualTo(Tolerance * Math.Max(Math.Sqrt(size), 1e-3), message);
    }

    private static void PaddingShouldBeZero(ref readonly TapeNode<double> node, int index)
    {
        ReadOnlySpan<double> data;
        unsafe
        {
            data = new ReadOnlySpan<double>(node.Data, node.Size);
        }

        for (int i = 0; i < data.Length; i++)
        {
            bool real = i / node.Stride < node.Rows && i % node.Stride < node.Columns;
            (real || BitConverter.DoubleToInt64Bits(data[i]) << 1 == 0).ShouldBeTrue(
                $"node {index}, {node.Operation} [{node.Rows} × {node.Columns}], element {i} of {data.Length} is {data[i]}");
        }
    }
}
