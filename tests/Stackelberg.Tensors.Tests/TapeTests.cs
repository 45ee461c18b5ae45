using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests;

/// <summary>Life of a recording: handles, reset and rewind, leaves, errors, non-finite values, allocation.</summary>
public sealed class TapeTests
{
    private readonly Tape<double> tape = new(32);

    [Fact]
    public void Values_follow_plain_arithmetic()
    {
        Variable x = tape.Constant([1.0, -2.0, 3.0, 0.5, 4.0, -6.0], 2, 3);
        Variable y = tape.Constant([2.0, 4.0, -1.0, 8.0, 0.25, 3.0], 2, 3);
        Read(tape.Subtract(x, y)).ShouldBe([-1.0, -6.0, 4.0, -7.5, 3.75, -9.0]);
        Read(tape.Divide(x, y)).ShouldBe([0.5, -0.5, -3.0, 0.0625, 16.0, -2.0]);
        Read(tape.Minimum(x, y)).ShouldBe([1.0, -2.0, -1.0, 0.5, 0.25, -6.0]);
        Read(tape.SumOverRows(x)).ShouldBe([1.5, 2.0, -3.0]);
        Read(tape.MeanOverColumns(x)).ShouldBe([2.0 / 3, -0.5], 1e-15);
        Read(tape.MatMulNT(x, y)).ShouldBe([-9.0, 16.5, 23.0, -13.0], 1e-14);
        Read(tape.Clamp(x, -1, 2)).ShouldBe([1.0, -1.0, 2.0, 0.5, 2.0, -1.0]);
        Read(tape.Gather(x, [2, 0])).ShouldBe([3.0, 0.5]);
        Read(tape.DiscountedSums(tape.Transpose(x), [0.5, 0.0, 0.5])).ShouldBe([0.0, 2.5, -2.0, 4.0, 3.0, -6.0]);
        tape.Row(x, 1).ToArray().ShouldBe([0.5, 4.0, -6.0]);
    }

    [Fact]
    public void Softmax_and_softplus_do_not_overflow()
    {
        Variable x = tape.Constant([1000.0, 999.0, -1000.0], 1, 3);
        double logarithm = -Math.Log(1 + Math.Exp(-1));
        Read(tape.LogSoftmax(x)).ShouldBe([logarithm, logarithm - 1, logarithm - 2000], 1e-12);
        Read(tape.Softplus(x)).ShouldBe([1000.0, 999.0, 0.0], 1e-12);
    }

    [Fact]
    public void Values_whose_number_of_elements_overflows_are_refused()
    {
        Variable number = tape.Constant(1);
        Should.Throw<ArgumentException>(() => tape.BroadcastScalar(number, 1 << 27, 17)).Message.ShouldContain("elements");
        Should.Throw<ArgumentException>(() => tape.Constant(1, 2, int.MaxValue));
        tape.Count.ShouldBe(1);
    }

    [Fact]
    public void Handles_of_an_earlier_recording_are_refused()
    {
        Variable x = tape.Constant(1);
        tape.Reset();
        tape.Constant(2);
        Should.Throw<InvalidOperationException>(() => tape.Exp(x)).Message.ShouldContain("reset");
        Should.Throw<InvalidOperationException>(() => tape.Value(x));
    }

    [Fact]
    public void Handles_of_another_tape_and_empty_handles_are_refused()
    {
        var other = new Tape<double>();
        Variable foreign = other.Constant(1);
        Variable own = tape.Constant(1);
        Should.Throw<InvalidOperationException>(() => tape.Add(own, foreign)).Message.ShouldContain("another tape");
        Should.Throw<InvalidOperationException>(() => tape.Add(own, default)).Message.ShouldContain("never recorded");
        default(Variable).IsNone.ShouldBeTrue();
        own.IsNone.ShouldBeFalse();
    }

    [Fact]
    public void Rewinding_keeps_earlier_variables_and_refuses_later_ones()
    {
        Variable x = tape.Constant([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3, 2);
        TapeMark mark = tape.Mark();
        // a transposed matrix is remembered with its source; this one goes with the rewind
        Variable later = tape.MatMulNT(x, x);
        double[] expected = Read(later);
        for (int i = 0; i < 5; i++)
        {
            tape.Rewind(mark);
            Should.Throw<InvalidOperationException>(() => tape.Value(later));
            tape.FillFreeStorage(double.NaN);
            Read(tape.MatMulNT(x, x)).ShouldBe(expected);
            tape.Constant(7, 100, 100);
        }

        tape.Reset();
        tape.Constant(1);
        Should.Throw<InvalidOperationException>(() => tape.Rewind(mark)).Message.ShouldContain("mark");
    }

    [Fact]
    public void Leaves_refer_to_memory_without_copying()
    {
        var matrix = new Matrix<double>(3, 2);
        var layout = new ParameterLayout([("a", 2, 3), ("b", 1, 1)]);
        var vector = new FlatVector<double>(layout.Length);
        vector[layout["a"].Offset + layout["a"].Stride + 1] = 5;
        matrix[2, 1] = 7;
        Read(tape.Leaf(vector, layout["a"])).ShouldBe([0, 0, 0, 0, 5, 0]);
        Variable leaf = tape.Leaf(matrix);
        matrix[0, 0] = 9;
        Read(leaf).ShouldBe([9, 0, 0, 0, 0, 7]);
        tape.Rows(tape.Leaf(matrix, 2)).ShouldBe(2);
    }

    [Fact]
    public void Part_of_a_column_is_a_leaf_with_a_zero_tail()
    {
        var column = new Matrix<double>(5, 1);
        column.Span.Fill(3);
        Variable leaf = tape.Leaf(column, 2);
        tape.Value(tape.Sum(leaf)).ShouldBe(6);
        tape.Value(tape.MatMulTN(leaf, leaf)).ShouldBe(18);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        Variable x = tape.Constant(1, 2, 3);
        Variable y = tape.Constant(1, 3, 2);
        Should.Throw<ArgumentException>(() => tape.Add(x, y)).Message.ShouldContain("Add: shapes [2 × 3] and [3 × 2]");
        Should.Throw<ArgumentException>(() => tape.MatMul(x, x)).Message.ShouldContain("MatMul");
        Should.Throw<ArgumentException>(() => tape.MatMulNT(x, y));
        Should.Throw<ArgumentException>(() => tape.MatMulTN(x, y));
        Should.Throw<ArgumentException>(() => tape.Linear(x, y, x)).Message.ShouldContain("bias");
        Should.Throw<ArgumentException>(() => tape.Concat(x, y)).Message.ShouldContain("rows");
        Should.Throw<ArgumentException>(() => tape.BroadcastRow(x, 4)).Message.ShouldContain("BroadcastRow");
        Should.Throw<ArgumentException>(() => tape.Value(x)).Message.ShouldContain("1 × 1");
        Should.Throw<ArgumentException>(() => tape.Constant([1.0, 2.0], 1, 3));
        Should.Throw<ArgumentException>(() => tape.Clamp(x, 1, 0)).Message.ShouldContain("bound");
        Should.Throw<ArgumentException>(() => tape.DiscountedSums(x, [1.0])).Message.ShouldContain("decays");
        Should.Throw<ArgumentOutOfRangeException>(() => tape.SliceColumns(x, 2, 2)).Message.ShouldContain("0 … 2");
        Should.Throw<ArgumentOutOfRangeException>(() => tape.SliceRows(x, -1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => tape.Gather(x, [0, 3])).Message.ShouldContain("row 1");
        Should.Throw<ArgumentException>(() => tape.Gather(x, [0])).Message.ShouldContain("indices");
        Should.Throw<ArgumentOutOfRangeException>(() => tape.Constant(1, 0, 3));
    }

    [Fact]
    public void A_block_outside_its_vector_is_refused()
    {
        var layout = new ParameterLayout([("a", 2, 3), ("b", 4, 4)]);
        var small = new FlatVector<double>(layout["a"].Length);
        Should.Throw<ArgumentException>(() => tape.Leaf(small, layout["b"])).Message.ShouldContain("'b'");
        Should.Throw<ArgumentException>(() => tape.Leaves(layout, small, new Variable[3])).Message.ShouldContain("3 variables");
    }

    [Fact]
    public void The_first_operation_that_gives_NaN_is_named()
    {
        tape.DetectNonFinite = true;
        Variable x = tape.Constant([4.0, -1.0], 1, 2);
        Variable half = tape.Scale(x, 0.5);
        NonFiniteException error = Should.Throw<NonFiniteException>(() => tape.Sqrt(half));
        error.Message.ShouldContain("Sqrt [1 × 2]");
        error.Message.ShouldContain("Affine [1 × 2]");
        Should.Throw<NonFiniteException>(() => tape.Constant(double.PositiveInfinity)).Message.ShouldContain("leaf or constant");

        // the value is finite, the derivative is not
        Variable zero = tape.Constant(0);
        Variable root = tape.Sqrt(zero);
        Should.Throw<NonFiniteException>(() => tape.Gradient(root, zero)).Message.ShouldContain("Divide");
    }

    [Fact]
    public void Non_finite_values_pass_unnoticed_unless_asked_for_and_are_not_swallowed()
    {
        Variable x = tape.Constant(double.NaN, 2, 3);
        Variable one = tape.Constant(1, 2, 3);
        foreach (Variable y in (Variable[])[tape.Relu(x), tape.Tanh(x), tape.Minimum(x, one), tape.Maximum(one, x), tape.Clamp(x, 0, 1), tape.Softmax(x)])
        {
            Read(y).ShouldAllBe(v => double.IsNaN(v));
        }
    }

    [Fact]
    public void A_grown_arena_is_joined_and_nothing_is_lost()
    {
        Variable first = tape.Constant([1.0, 2.0], 1, 2);
        for (int i = 0; i < 200; i++)
        {
            tape.Constant(i, 10, 10);
        }

        Read(first).ShouldBe([1.0, 2.0]);
        tape.Count.ShouldBe(201);
        tape.Reset();
        tape.Count.ShouldBe(0);
    }

    [Fact]
    public void Updates_allocate_nothing_once_warm()
    {
        var layout = new MlpLayout(5, [20, 33], 4, Activation.Tanh);
        var parameters = new FlatVector<float>(layout.Parameters.Length);
        var gradient = new FlatVector<float>(layout.Parameters.Length);
        var inputs = new Matrix<float>(37, 5);
        int[] actions = new int[37];
        var recorder = new Tape<float>();
        Variable[] leaves = new Variable[layout.Parameters.Blocks.Count];
        Variable[] gradients = new Variable[leaves.Length];
        Variable[] products = new Variable[leaves.Length];
        Update();
        Update();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Update();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Update()
        {
            recorder.Reset();
            recorder.Leaves(layout.Parameters, parameters, leaves);
            Variable logits = recorder.Mlp(layout, recorder.Leaf(inputs), leaves);
            Variable logProbability = recorder.CategoricalLogProbability(logits, actions);
            Variable loss = recorder.Mean(recorder.Add(logProbability, recorder.Square(recorder.CategoricalEntropy(logits))));
            recorder.Gradient(loss, leaves, gradients);
            TapeMark mark = recorder.Mark();
            for (int i = 0; i < 3; i++)
            {
                recorder.Rewind(mark);
                recorder.HessianProduct(loss, leaves, gradients, products);
                recorder.HessianProductForward(loss, leaves, gradients, products);
            }

            recorder.Gradient(loss, leaves, layout.Parameters, gradient);
        }
    }

    [Fact]
    public void Stopped_gradients_have_the_value_and_no_derivative()
    {
        Variable x = tape.Constant([1.0, 2.0], 1, 2);
        Variable loss = tape.Sum(tape.Multiply(tape.StopGradient(x), x));
        tape.Value(loss).ShouldBe(5);
        Read(tape.Gradient(loss, x)).ShouldBe([1.0, 2.0]);
        Read(tape.Gradient(tape.Sum(tape.StopGradient(x)), x)).ShouldBe([0.0, 0.0]);
        Read(tape.Jvp(tape.StopGradient(x), x, x)).ShouldBe([0.0, 0.0]);
        tape.Node(tape.StopGradient(x)).Operation.ShouldBe(Operation.StopGradient);
    }

    private double[] Read(Variable variable)
    {
        double[] values = new double[tape.Rows(variable) * tape.Columns(variable)];
        tape.CopyTo(variable, values);
        return values;
    }
}
