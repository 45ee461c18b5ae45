namespace Stackelberg.Tensors.Networks;

/// <summary>The elementwise function after a linear layer.</summary>
public enum Activation
{
    /// <summary>x</summary>
    Identity,

    /// <summary>max(x, 0); derivative 0 at 0.</summary>
    Relu,

    /// <summary>tanh x</summary>
    Tanh,
}

/// <summary>
/// A multilayer perceptron's shape and the place of its parameters: for each layer i <c>layers.i.weight</c> [inputs × outputs], then
/// <c>layers.i.bias</c> [1 × outputs].
/// </summary>
public sealed class MlpLayout
{
    /// <summary>Describes a perceptron.</summary>
    /// <param name="inputs">Input width, at least 1.</param>
    /// <param name="hidden">Widths of the hidden layers, each at least 1; may be empty (a linear map).</param>
    /// <param name="outputs">Output width, at least 1.</param>
    /// <param name="hiddenActivation">After each hidden layer.</param>
    /// <param name="outputActivation">After the last layer.</param>
    /// <param name="extra">Further tensors behind the layers, such as <c>log_std</c>.</param>
    public MlpLayout(
        int inputs,
        ReadOnlySpan<int> hidden,
        int outputs,
        Activation hiddenActivation,
        Activation outputActivation = Activation.Identity,
        params ReadOnlySpan<(string Name, int Rows, int Columns)> extra)
    {
        Widths = [inputs, .. hidden, outputs];
        foreach (int width in Widths)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        }

        HiddenActivation = hiddenActivation;
        OutputActivation = outputActivation;
        var shapes = new List<(string, int, int)>();
        for (int i = 0; i + 1 < Widths.Length; i++)
        {
            shapes.Add(($"layers.{i}.weight", Widths[i], Widths[i + 1]));
            shapes.Add(($"layers.{i}.bias", 1, Widths[i + 1]));
        }

        shapes.AddRange(extra);
        Parameters = new ParameterLayout(shapes);
    }

    /// <summary>Input width, hidden widths, output width.</summary>
    public int[] Widths { get; }

    /// <summary>Number of linear layers.</summary>
    public int Layers => Widths.Length - 1;

    /// <summary>Input width.</summary>
    public int Inputs => Widths[0];

    /// <summary>Output width.</summary>
    public int Outputs => Widths[^1];

    /// <summary>Activation of the hidden layers.</summary>
    public Activation HiddenActivation { get; }

    /// <summary>Activation of the output layer.</summary>
    public Activation OutputActivation { get; }

    /// <summary>The flat vector that holds all parameters.</summary>
    public ParameterLayout Parameters { get; }

    /// <summary>The weight of layer <paramref name="layer"/>, [inputs × outputs].</summary>
    public ParameterBlock Weight(int layer) => Parameters.Blocks[2 * layer];

    /// <summary>The bias of layer <paramref name="layer"/>, [1 × outputs].</summary>
    public ParameterBlock Bias(int layer) => Parameters.Blocks[(2 * layer) + 1];

    /// <summary>The activation after layer <paramref name="layer"/>.</summary>
    public Activation ActivationOf(int layer) => layer == Layers - 1 ? OutputActivation : HiddenActivation;
}
