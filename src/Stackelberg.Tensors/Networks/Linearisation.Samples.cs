using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private readonly Action<int, int> squaresChunk;
    private FlatVector<T>[]? inputSquares;
    private SampleKernelRoom<T>? sampleKernel;
    private T* givenWeights;

    /// <summary>result ← Σᵢ weightᵢ (∂outᵢ/∂w)², elementwise: the diagonal of a weighted Gauss-Newton matrix.</summary>
    /// <param name="weights">One per row.</param>
    /// <param name="result">Storage length.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> has not been called, or the network has more than one output.
    /// </exception>
    public void PerSampleSquares(ReadOnlySpan<T> weights, Span<T> result)
    {
        Require.ScalarOutput(Layout, nameof(PerSampleSquares));
        RequireForward();
        Require.Length(weights.Length, Rows, "one weight per row", nameof(weights));
        RequireVector(result.Length, nameof(result));
        transposes.RequireHidden();
        inputSquares ??=
        [
            .. workspaces.Select(workspace => new FlatVector<T>(workspace.Rows * layers[0].InStride)),
        ];
        fixed (T* w = weights, into = result)
        {
            givenWeights = w;
            RunAndAdd(squaresChunk, into, accumulate: false);
        }
    }

    /// <summary>
    /// K[i, j] = ⟨∂outᵢ/∂w, ∂outⱼ/∂w⟩ = Σ over layers (Δ Δᵀ) ∘ (A Aᵀ + 1), the Gauss-Newton matrix in sample space (the empirical tangent
    /// kernel).
    /// </summary>
    /// <param name="result">Rows × Rows, row-major without padding; symmetric to the last bit.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> has not been called, or the network has more than one output.
    /// </exception>
    public void SampleKernel(Span<T> result)
    {
        Require.ScalarOutput(Layout, nameof(SampleKernel));
        RequireForward();
        Require.Length(result.Length, (long)Rows * Rows, "rows times rows", nameof(result));
        transposes.RequireHidden();
        sampleKernel ??= new SampleKernelRoom<T>(layers, maximumRows);
        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            SampleCotangents(At(chunk, 0));
            for (int i = 0; i < layers.Length; i++)
            {
                sampleKernel.Keep(i, workspaces[0].Cotangents[i].Pointer, chunks.Start(chunk), chunks.Length(chunk));
            }
        }

        fixed (T* into = result)
        {
            for (int column = 0; column < Rows; column += SampleKernelRoom<T>.Tile)
            {
                sampleKernel.SetColumns(inputs!, activations, column, Math.Min(SampleKernelRoom<T>.Tile, Rows - column));
                for (int row = 0; row <= column; row += SampleKernelRoom<T>.Tile)
                {
                    sampleKernel.WriteTile(inputs!, activations, row, Math.Min(SampleKernelRoom<T>.Tile, Rows - row), into, Rows);
                }
            }
        }
    }

    private void SquaresChunk(int chunk, int worker)
    {
        int row = chunks.Start(chunk);
        Chunk<T> at = At(chunk, worker);
        SampleCotangents(at);
        at.Squares(givenWeights + row, inputSquares![worker].Pointer, targetOfChunk[chunk]);
    }

    /// <summary>Δ of every layer for ∂outᵢ, in the workspace.</summary>
    private static void SampleCotangents(Chunk<T> at)
    {
        new Span<T>(at.Workspace.Column, at.Rows).Fill(T.One);
        at.ThroughOutput(at.Workspace.Column);
        at.Backward(null);
    }
}
