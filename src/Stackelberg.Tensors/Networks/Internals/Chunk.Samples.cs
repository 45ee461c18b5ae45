namespace Stackelberg.Tensors.Networks.Internals;

internal readonly unsafe partial struct Chunk<T>
{
    /// <summary>
    /// Σᵢ weightᵢ (A[i, :]²)ᵀ (Δ[i, :]²) for every layer, from the Δ in the workspace, which it squares in place.
    /// </summary>
    public void Squares(T* weights, T* inputSquares, T* target)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            Layer layer = Layers[i];
            T* entering = i == 0 ? inputSquares : Workspace.Values[i - 1].Pointer;
            RowPasses.Square(Rows * layer.InStride, Entering(i), entering);
            T* delta = Workspace.Cotangents[i].Pointer;
            RowPasses.WeightedSquare(Rows, layer.OutStride, delta, weights);
            WeightProducts.Weight(layer, Rows, entering, delta, null, null, target);
            WeightProducts.Bias(layer, Rows, delta, target);
        }
    }
}
