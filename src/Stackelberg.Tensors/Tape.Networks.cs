using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>Perceptrons, and products with second derivatives.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>The output of a perceptron, [rows × outputs].</summary>
    /// <param name="x">Input, [rows × inputs].</param>
    /// <param name="parameters">From <see cref="Leaves"/> of the layout's parameters; tensors behind the layers are not used.</param>
    /// <exception cref="ArgumentException">A shape does not fit the layout.</exception>
    public Variable Mlp(MlpLayout layout, Variable x, ReadOnlySpan<Variable> parameters)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (parameters.Length < 2 * layout.Layers)
        {
            TapeErrors.Counts("parameters", parameters.Length, "tensors in the layers", 2 * layout.Layers);
        }

        for (int layer = 0; layer < layout.Layers; layer++)
        {
            x = Linear(x, parameters[2 * layer], parameters[(2 * layer) + 1], layout.ActivationOf(layer));
        }

        return x;
    }

    /// <summary>
    /// The product of the Hessian of a number with a direction, by differentiating the gradient in reverse mode (double backward):
    /// ∇(∇f · v).
    /// </summary>
    /// <param name="output">f, [1 × 1].</param>
    /// <param name="variables">With respect to what.</param>
    /// <param name="direction">v: one variable per entry of <paramref name="variables"/>, of its shape.</param>
    /// <param name="products">Receives the product, one variable per entry.</param>
    public void HessianProduct(
        Variable output, ReadOnlySpan<Variable> variables, ReadOnlySpan<Variable> direction, Span<Variable> products) =>
        MixedProduct(output, variables, direction, variables, products);

    /// <summary>
    /// The same product as <see cref="HessianProduct"/>, by differentiating the gradient in forward mode (Pearlmutter 1994).
    /// </summary>
    /// <inheritdoc cref="HessianProduct"/>
    public void HessianProductForward(
        Variable output, ReadOnlySpan<Variable> variables, ReadOnlySpan<Variable> direction, Span<Variable> products)
    {
        Gradient(output, variables, products);
        Jvp(products, variables, direction, products);
    }

    /// <summary>
    /// The product of mixed second derivatives ∂/∂outer (∂f/∂inner · v): the second factor of an implicit gradient, where the follower's
    /// parameters are the inner ones and the leader's the outer.
    /// </summary>
    /// <param name="output">f, [1 × 1].</param>
    /// <param name="inner">Differentiated first.</param>
    /// <param name="direction">v: one variable per entry of <paramref name="inner"/>, of its shape.</param>
    /// <param name="outer">Differentiated second.</param>
    /// <param name="products">Receives the product, one variable per entry of <paramref name="outer"/>.</param>
    public void MixedProduct(
        Variable output,
        ReadOnlySpan<Variable> inner,
        ReadOnlySpan<Variable> direction,
        ReadOnlySpan<Variable> outer,
        Span<Variable> products)
    {
        Span<Variable> gradients = inner.Length <= 64 ? stackalloc Variable[inner.Length] : new Variable[inner.Length];
        Gradient(output, inner, gradients);
        Gradient(gradients, direction, outer, products);
    }
}
