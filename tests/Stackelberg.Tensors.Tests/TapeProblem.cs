using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

/// <summary>How a Hessian-vector product is formed.</summary>
public enum SecondOrder
{
    ReverseOverReverse,
    ForwardOverReverse,
    ReverseOverForward,
}

/// <summary>
/// The function x ↦ operation(x) of a case at a fixed point, along a fixed direction, and the loss Σ w ∘ operation(x)², whose second derivative is
/// not zero even if the operation is linear.
/// </summary>
internal sealed class Problem
{
    private readonly TapeOperationCase @case;
    private readonly double[] point;
    private readonly double[] direction;
    private readonly RandomStream weights = RandomStream.FromSeed(5);

    public Problem(TapeOperationCase @case)
    {
        this.@case = @case;
        RandomStream random = RandomStream.FromSeed(29);
        int size = @case.Shapes.Sum(s => s.Rows * s.Columns);
        point = new double[size];
        // a shuffled lattice: no two numbers are so close, nor is one so close to 0, that the steps of a difference meet a kink
        for (int i = 0; i < size; i++)
        {
            double unit = (i + 0.5) / (size % 2 == 0 ? size : size + 1);
            point[i] = @case.Positive ? 0.6 + (1.2 * unit) : 3 * (unit - 0.5);
        }

        random.Shuffle<double>(point);
        direction = [.. point.Select(_ => random.NextUniform(-1, 1))];
    }

    public double[] Output(Tape<double> tape, double step)
    {
        Variable y = @case.Build(tape, Record(tape, Moved(step, direction)));
        return Read(tape, [y]);
    }

    public double Loss(Tape<double> tape, double step, double[] along) => tape.Value(Loss(tape, Record(tape, Moved(step, along))));

    public double[] Gradient(Tape<double> tape, double step)
    {
        Variable[] x = Record(tape, Moved(step, direction));
        Variable[] gradients = new Variable[x.Length];
        tape.Gradient(Loss(tape, x), x, gradients);
        return Read(tape, gradients);
    }

    public double[] Tangent(Tape<double> tape)
    {
        Variable[] x = Record(tape, point);
        Variable y = @case.Build(tape, x);
        Variable[] tangent = new Variable[1];
        tape.Jvp([y], x, Split(tape, direction), tangent);
        return Read(tape, tangent);
    }

    public double[] HessianProduct(Tape<double> tape, SecondOrder mode, bool reset = true)
    {
        Variable[] x = Record(tape, point, reset);
        Variable[] v = Split(tape, direction);
        Variable loss = Loss(tape, x);
        Variable[] products = new Variable[x.Length];
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

    private static double[] Read(Tape<double> tape, Variable[] variables)
    {
        var all = new List<double>();
        foreach (Variable variable in variables)
        {
            double[] values = new double[tape.Rows(variable) * tape.Columns(variable)];
            tape.CopyTo(variable, values);
            all.AddRange(values);
        }

        return [.. all];
    }

    private Variable Loss(Tape<double> tape, Variable[] x)
    {
        Variable y = @case.Build(tape, x);
        (int rows, int columns) = (tape.Rows(y), tape.Columns(y));
        RandomStream stream = weights.Split("loss");
        double[] w = [.. Enumerable.Range(0, rows * columns).Select(_ => stream.NextUniform(0.5, 1.5))];
        return tape.Sum(tape.Multiply(tape.Constant(w, rows, columns), tape.Square(y)));
    }

    private double[] Moved(double step, double[] along) => [.. point.Select((p, i) => p + (step * along[i]))];

    private Variable[] Record(Tape<double> tape, double[] values, bool reset = true)
    {
        if (reset)
        {
            tape.Reset();
        }

        return Split(tape, values);
    }

    private Variable[] Split(Tape<double> tape, double[] values)
    {
        var variables = new Variable[@case.Shapes.Length];
        int offset = 0;
        for (int i = 0; i < variables.Length; i++)
        {
            (int rows, int columns) = @case.Shapes[i];
            variables[i] = tape.Constant(values.AsSpan(offset, rows * columns), rows, columns);
            offset += rows * columns;
        }

        return variables;
    }
}
