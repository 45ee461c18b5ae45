using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>What one worker needs for one chunk of rows: values and cotangents of every layer's output, and a column.</summary>
internal sealed unsafe class Workspace<T>(Layer[] layers, int rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> column = new(rows);
    private readonly FlatVector<T> spare = new(layers[^1].InStride);
    private readonly FlatVector<T> zeros = new(layers.Max(layer => layer.InStride));

    public int Rows => rows;

    /// <summary>Of the output of each layer: an activation or a tangent.</summary>
    public FlatVector<T>[] Values { get; } = PerLayer(layers, rows);

    /// <summary>Of the pre-activation of each layer.</summary>
    public FlatVector<T>[] Cotangents { get; } = PerLayer(layers, rows);

    /// <summary>Room for one element per row.</summary>
    public T* Column => column.Pointer;

    /// <summary>Room for one row that enters the last layer: results that nobody asked for.</summary>
    public T* Spare => spare.Pointer;

    /// <summary>A row of zeros as wide as the widest that enters a layer.</summary>
    public T* Zeros => zeros.Pointer;

    /// <summary>One batch per layer, as wide as the layer's output.</summary>
    public static FlatVector<T>[] PerLayer(Layer[] layers, int rows) =>
        [.. layers.Select(layer => new FlatVector<T>(Padding.Elements(rows, layer.Out)))];
}
