namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>One linear layer: widths, places of its parameters in the flat vector, and the activation behind it.</summary>
internal readonly record struct Layer(int In, int Out, int Weight, int Bias, Activation Activation)
{
    /// <summary>Distance between rows of a batch that enters the layer.</summary>
    public int InStride => Padding.Stride(In);

    /// <summary>Distance between rows of a batch that leaves the layer.</summary>
    public int OutStride => Padding.Stride(Out);

    /// <summary>A weight with one row or one column is stored as its own transpose.</summary>
    public bool NeedsTranspose => In > 1 && Out > 1;

    public static Layer[] Of(MlpLayout layout)
    {
        var layers = new Layer[layout.Layers];
        for (int i = 0; i < layers.Length; i++)
        {
            ParameterBlock weight = layout.Weight(i);
            layers[i] = new Layer(weight.Rows, weight.Columns, weight.Offset, layout.Bias(i).Offset, layout.ActivationOf(i));
        }

        return layers;
    }

    /// <summary>Whether one dense output follows a hidden layer of padded rows, which has passes of its own.</summary>
    public static bool HaveScalarHead(Layer[] layers) => layers.Length > 1 && layers[^1].Out == 1 && layers[^1].In > 1;

    /// <summary>Elements of storage that the layers occupy; extra tensors lie behind.</summary>
    public static int StorageOf(MlpLayout layout)
    {
        ParameterBlock last = layout.Bias(layout.Layers - 1);
        return last.Offset + last.Length;
    }
}
