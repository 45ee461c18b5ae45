using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>
/// Random programs of many operations, in which values are used any number of times: laws of derivatives, and differences in double precision.
/// </summary>
public sealed class TapeProgramTests
{
    private const int Programs = 150;

    [Fact]
    public void The_slope_along_a_direction_matches_differences_of_the_value() => Laws.Hold(Programs, static random =>
    {
        var program = new RandomProgram(random);
        var tape = new Tape<double>(64);
        double[] gradient = program.Gradient(tape, 0);
        double slope = Vectors.Dot<double>(gradient, program.Direction);
        double expected = Difference(step => [program.Loss(tape, step)])[0];
        slope.ShouldBe(expected, 1e-8 * (1 + Math.Abs(expected)));
        program.Tangent(tape).ShouldBe(slope, 1e-12 * (1 + Math.Abs(slope)));
    });

    [Fact]
    public void Hessian_products_in_all_modes_match_differences_of_the_gradient() => Laws.Hold(Programs, static random =>
    {
        var program = new RandomProgram(random);
        var tape = new Tape<double>(64);
        double[] expected = Difference(step => program.Gradient(tape, step));
        double size = 1 + Vectors.Norm<double>(expected);
        foreach (SecondOrder mode in Enum.GetValues<SecondOrder>())
        {
            double[] product = program.HessianProduct(tape, mode, program.Direction);
            Distance(product, expected).ShouldBeLessThanOrEqualTo(1e-7 * size, mode.ToString());
        }
    });

    [Fact]
    public void Hessian_products_are_symmetric_and_the_modes_agree_to_rounding() => Laws.Hold(Programs, static random =>
    {
        var program = new RandomProgram(random);
        var tape = new Tape<double>(64);
        double[] x = program.Direction, y = [.. x.Select((value, i) => Math.Cos(i + value))];
        double[] hx = program.HessianProduct(tape, SecondOrder.ReverseOverReverse, x);
        double[] hy = program.HessianProduct(tape, SecondOrder.ForwardOverReverse, y);
        double[] same = program.HessianProduct(tape, SecondOrder.ReverseOverForward, x);
        double size = 1 + Vectors.Norm<double>(hx) + Vectors.Norm<double>(hy);
        Distance(hx, same).ShouldBeLessThanOrEqualTo(1e-12 * size);
        Vectors.Dot<double>(hx, y).ShouldBe(Vectors.Dot<double>(x, hy), 1e-12 * size * (Vectors.Norm<double>(x) + Vectors.Norm<double>(y)));
    });

    [Fact]
    public void A_tape_that_was_used_before_gives_the_same_bits_whatever_it_holds() => Laws.Hold(Programs, static random =>
    {
        var program = new RandomProgram(random);
        var used = new Tape<double>(64);
        double[] fresh = program.HessianProduct(new Tape<double>(), SecondOrder.ForwardOverReverse, program.Direction);
        program.Gradient(used, 0.1);
        used.Reset();
        used.FillFreeStorage(double.NaN);
        program.HessianProduct(used, SecondOrder.ForwardOverReverse, program.Direction).ShouldBe(fresh);
    });

    [Fact]
    public void Single_precision_agrees_with_double_to_its_rounding() => Laws.Hold(Programs, static random =>
    {
        var program = new RandomProgram(random);
        double[] wide = program.Gradient(new Tape<double>(), 0);
        double[] single = program.Gradient(new Tape<float>(), 0);
        Distance(single, wide).ShouldBeLessThanOrEqualTo(2e-5 * (1 + Vectors.Norm<double>(wide)));
    });

    private static double[] Difference(Func<double, double[]> f)
    {
        const double h = 1e-3;
        double[] far = f(2 * h), near = f(h), back = f(-h), farBack = f(-2 * h);
        return [.. near.Select((value, i) => ((8 * (value - back[i])) - (far[i] - farBack[i])) / (12 * h))];
    }

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, static (a, b) => (a - b) * (a - b)).Sum());

    /// <summary>
    /// Two matrices and a row go in; eight steps each apply a random smooth operation to earlier values of one shape; the loss weighs all that came out.
    /// </summary>
    private sealed class RandomProgram
    {
        private const int Kinds = 14;
        private static readonly int[] Sizes = [1, 2, 5, 15, 16, 17, 33];
        private readonly int rows, columns;
        private readonly (int Kind, int First, int Second)[] steps;
        private readonly double[] point;
        private readonly int[] indices;

        public RandomProgram(RandomStream random)
        {
            rows = Sizes[random.NextInt32(4)];
            columns = Sizes[random.NextInt32(Sizes.Length)];
            steps = [.. Enumerable.Range(0, 8).Select(i => (random.NextInt32(Kinds), random.NextInt32(i + 2), random.NextInt32(i + 2)))];
            point = [.. Enumerable.Range(0, (2 * rows * columns) + columns).Select(_ => random.NextUniform(-1, 1))];
            Direction = [.. point.Select(_ => random.NextUniform(-1, 1))];
            indices = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt32(columns))];
        }

        public double[] Direction { get; }

        public double Loss(Tape<double> tape, double step) => tape.Value(Record(tape, step).Loss);

        public double[] Gradient<T>(Tape<T> tape, double step)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (Variable[] x, Variable loss) = Record(tape, step);
            Variable[] gradients = new Variable[x.Length];
            tape.Gradient(loss, x, gradients);
            return Read(tape, gradients);
        }

        public double Tangent(Tape<double> tape)
        {
            (Variable[] x, Variable loss) = Record(tape, 0);
            Variable[] slope = new Variable[1];
            tape.Jvp([loss], x, Split(tape, Direction), slope);
            return tape.Value(slope[0]);
        }

        public double[] HessianProduct(Tape<double> tape, SecondOrder mode, double[] along)
        {
            (Variable[] x, Variable loss) = Record(tape, 0);
            Variable[] v = Split(tape, along), products = new Variable[x.Length];
            switch (mode)
            {
                case SecondOrder.ReverseOverReverse:
                    tape.HessianProduct(loss, x, v, products);
                    break;
                case SecondOrder.ForwardOverReverse:
                    tape.HessianProductForward(loss, x, v, products);
                    break;
                default:
                    Variable[] slope = new Variable[1];
                    tape.Jvp([loss], x, v, slope);
                    tape.Gradient(slope[0], x, products);
                    break;
            }

            return Read(tape, products);
        }

        private static double[] Read<T>(Tape<T> tape, Variable[] variables)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var all = new List<double>();
            foreach (Variable variable in variables)
            {
                var values = new T[tape.Rows(variable) * tape.Columns(variable)];
                tape.CopyTo(variable, values);
                all.AddRange(values.Select(double.CreateTruncating));
            }

            return [.. all];
        }

        private (Variable[] Inputs, Variable Loss) Record<T>(Tape<T> tape, double step)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (tape.Count > 0)
            {
                tape.Reset();
            }

            Variable[] x = Split(tape, [.. point.Select((p, i) => p + (step * Direction[i]))]);
            var values = new List<Variable> { x[0], x[1] };
            foreach ((int kind, int first, int second) in steps)
            {
                values.Add(Apply(tape, kind, values[first], values[second], x[2]));
            }

            Variable last = values[^1];
            Variable loss = tape.Add(tape.Mean(tape.Square(last)), tape.Mean(tape.CategoricalLogProbability(values[^2], indices)));
            return (x, tape.Add(loss, tape.Mean(tape.Sigmoid(tape.Multiply(values[^3], last)))));
        }

        /// <summary>An operation whose result has the operands' shape and stays of order one.</summary>
        private Variable Apply<T>(Tape<T> tape, int kind, Variable a, Variable b, Variable row)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            switch (kind)
            {
                case 0:
                    return tape.Tanh(tape.Add(a, b));
                case 1:
                    return tape.Subtract(a, tape.Scale(b, 0.5));
                case 2:
                    return tape.Tanh(tape.Multiply(a, b));
                case 3:
                    return tape.Divide(a, tape.AddScalar(tape.Softplus(b), 1));
                case 4:
                    return tape.Sigmoid(tape.Affine(a, -1.5, 0.25));
                case 5:
                    return tape.Softmax(a);
                case 6:
                    return tape.Add(a, tape.BroadcastRow(row, rows));
                case 7:
                    return tape.Multiply(a, tape.BroadcastColumn(tape.Tanh(tape.MeanOverColumns(b)), columns));
                case 8:
                    return tape.Transpose(tape.Tanh(tape.Transpose(a)));
                case 9:
                    return tape.Tanh(tape.MatMul(tape.Scale(tape.MatMulNT(a, b), 1.0 / (rows * columns)), b));
                case 10:
                    return tape.SliceColumns(tape.Concat(tape.Sqrt(tape.AddScalar(tape.Square(a), 1)), b), columns > 1 ? 1 : 0, columns);
                case 11:
                    return tape.Tanh(tape.DiscountedSums(a, [.. Enumerable.Repeat(T.CreateTruncating(0.75), rows)]));
                case 12:
                    return tape.Linear(a, tape.Scale(tape.MatMulTN(a, b), 0.5 / (rows * columns)), row, Activation.Tanh);
                default:
                    return tape.Add(tape.Scatter(tape.Gather(a, indices), indices, columns), tape.Log(tape.AddScalar(tape.Exp(tape.Tanh(b)), 1)));
            }
        }

        private Variable[] Split<T>(Tape<T> tape, double[] values)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] numbers = [.. values.Select(T.CreateTruncating)];
            int size = rows * columns;
            return
            [
                tape.Constant(numbers.AsSpan(0, size), rows, columns),
                tape.Constant(numbers.AsSpan(size, size), rows, columns),
                tape.Constant(numbers.AsSpan(2 * size), 1, columns),
            ];
        }
    }
}
