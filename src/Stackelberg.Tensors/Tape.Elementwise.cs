using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>Operations on each element. Shapes must be equal; the result has the same.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>x + y.</summary>
    public Variable Add(Variable x, Variable y) => Binary(Operation.Add, x, y);

    /// <summary>x − y.</summary>
    public Variable Subtract(Variable x, Variable y) => Binary(Operation.Subtract, x, y);

    /// <summary>x y.</summary>
    public Variable Multiply(Variable x, Variable y) => Binary(Operation.Multiply, x, y);

    /// <summary>x / y.</summary>
    public Variable Divide(Variable x, Variable y) => Binary(Operation.Divide, x, y);

    /// <summary>The smaller; NaN if either is NaN. Where both are equal, <paramref name="x"/> gets the derivative.</summary>
    public Variable Minimum(Variable x, Variable y) => Binary(Operation.Minimum, x, y);

    /// <summary>The larger; NaN if either is NaN. Where both are equal, <paramref name="x"/> gets the derivative.</summary>
    public Variable Maximum(Variable x, Variable y) => Binary(Operation.Maximum, x, y);

    /// <summary>factor · x.</summary>
    public Variable Scale(Variable x, double factor) => Unary(Operation.Affine, x, factor);

    /// <summary>x + number.</summary>
    public Variable AddScalar(Variable x, double number) => Unary(Operation.Affine, x, 1.0, number);

    /// <summary>factor · x + number.</summary>
    public Variable Affine(Variable x, double factor, double number) => Unary(Operation.Affine, x, factor, number);

    /// <summary>−x.</summary>
    public Variable Negate(Variable x) => Unary(Operation.Affine, x, -1.0);

    /// <summary>x².</summary>
    public Variable Square(Variable x) => Unary(Operation.Square, x);

    /// <summary>√x, NaN below 0. The derivative at 0 is infinite.</summary>
    public Variable Sqrt(Variable x) => Unary(Operation.Sqrt, x);

    /// <summary>exp x.</summary>
    public Variable Exp(Variable x) => Unary(Operation.Exp, x);

    /// <summary>ln x: −∞ at 0, NaN below.</summary>
    public Variable Log(Variable x) => Unary(Operation.Log, x);

    /// <summary>ln(1 + exp x), without overflow.</summary>
    public Variable Softplus(Variable x) => Unary(Operation.Softplus, x);

    /// <summary>1 / (1 + exp(−x)).</summary>
    public Variable Sigmoid(Variable x) => Unary(Operation.Sigmoid, x);

    /// <summary>tanh x.</summary>
    public Variable Tanh(Variable x) => Activate(x, Activation.Tanh);

    /// <summary>max(x, 0); derivative 0 at 0.</summary>
    public Variable Relu(Variable x) => Activate(x, Activation.Relu);

    /// <summary>An activation function; <see cref="Activation.Identity"/> returns <paramref name="x"/> itself.</summary>
    public Variable Activate(Variable x, Activation activation)
    {
        int a = IndexOf(x);
        return activation == Activation.Identity
            ? x
            : Handle(Emit(Operation.Activate, nodes[a].Rows, nodes[a].Columns, a, activation: activation));
    }

    /// <summary>x limited to [low, high]; derivative 1 inside and at the bounds, 0 outside. NaN stays NaN.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is not at most <paramref name="high"/>.</exception>
    public Variable Clamp(Variable x, double low, double high)
    {
        if (!(low <= high))
        {
            throw new ArgumentException($"Clamp: the lower bound {low} must be at most the upper bound {high}.");
        }

        return Unary(Operation.Clamp, x, low, high);
    }

    /// <summary>The same value, with derivative zero in both modes.</summary>
    public Variable StopGradient(Variable x)
    {
        int a = IndexOf(x);
        return Handle(EmitAlias(Operation.StopGradient, nodes[a].Rows, nodes[a].Columns, a));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Variable Unary(Operation operation, Variable x, double scale = 1.0, double shift = 0.0)
    {
        int a = IndexOf(x);
        return Handle(Emit(operation, nodes[a].Rows, nodes[a].Columns, a, scale: scale, shift: shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Variable Binary(Operation operation, Variable x, Variable y)
    {
        int a = IndexOf(x);
        int b = IndexOf(y);
        CheckSameShape(operation, a, b);
        return Handle(Emit(operation, nodes[a].Rows, nodes[a].Columns, a, b));
    }

    private void CheckSameShape(Operation operation, int a, int b)
    {
        if (nodes[a].Rows != nodes[b].Rows || nodes[a].Columns != nodes[b].Columns)
        {
            TapeErrors.Shapes(
                operation.ToString(),
                nodes[a].Rows,
                nodes[a].Columns,
                nodes[b].Rows,
                nodes[b].Columns,
                "they must be equal; BroadcastRow, BroadcastColumn and BroadcastScalar enlarge the smaller");
        }
    }
}
