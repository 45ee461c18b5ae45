using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private T* givenTargets;

    /// <summary>
    /// The loss mean over rows of (out − target)², and its gradient, in one pass over the batch that keeps nothing: the step of a critic. The point
    /// fixed by <see cref="Forward"/> is untouched.
    /// </summary>
    /// <param name="parameters">At least storage length.</param>
    /// <param name="inputs">[at least rows × inputs], padding zero.</param>
    /// <param name="targets">One per row.</param>
    /// <param name="rows">1 to the room given at construction.</param>
    /// <param name="gradient">At least storage length; replaced.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">The network has more than one output.</exception>
    public double SquaredLossGradient(
        FlatVector<T> parameters, Matrix<T> inputs, ReadOnlySpan<T> targets, int rows, FlatVector<T> gradient) =>
        SquaredLossGradient(parameters, inputs, targets, rows, Require.Span(gradient, nameof(gradient)));

    /// <inheritdoc cref="SquaredLossGradient(FlatVector{T}, Matrix{T}, ReadOnlySpan{T}, int, FlatVector{T})"/>
    public double SquaredLossGradient(
        FlatVector<T> parameters, Matrix<T> inputs, ReadOnlySpan<T> targets, int rows, Span<T> gradient)
    {
        Require.ScalarOutput(Layout, nameof(SquaredLossGradient));
        Require.Rows(rows, maximumRows);
        Require.Storage(parameters, Layout, nameof(parameters));
        Require.Batch(inputs, rows, Layout.Inputs, nameof(inputs));
        Require.Length(targets.Length, rows, "one target per row", nameof(targets));
        Require.Storage<T>(gradient, Layout, nameof(gradient));

        (FlatVector<T>? keptParameters, Matrix<T>? keptInputs, RowChunks keptChunks) = (this.parameters, this.inputs, chunks);
        (this.parameters, this.inputs, chunks) = (parameters, inputs, new RowChunks(rows));
        try
        {
            passTransposes.Reset(parameters.Pointer);
            passTransposes.RequireHidden();
            fixed (T* y = targets, result = gradient)
            {
                givenTargets = y;
                RunAndAdd(squaredLossChunk, result, accumulate: false);
            }

            double sum = 0;
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                sum += lossOfChunk[chunk];
            }

            return sum / rows;
        }
        finally
        {
            (this.parameters, this.inputs, chunks) = (keptParameters, keptInputs, keptChunks);
        }
    }

    private void SquaredLossChunk(int chunk, int worker)
    {
        Workspace<T> workspace = workspaces[worker];
        int row = chunks.Start(chunk);
        var pass = new Chunk<T>
        {
            Layers = layers,
            Rows = chunks.Length(chunk),
            Parameters = parameters!.Pointer,
            Transposes = passTransposes,
            Inputs = inputs!.Pointer + ((nint)row * inputs.Stride),
            Hidden = workspace.Values,
            HiddenRow = 0,
            Outputs = workspace.Values[^1].Pointer,
            Workspace = workspace,
        };
        pass.Forward();
        T scale = T.CreateTruncating(2.0 / chunks.Rows);
        lossOfChunk[chunk] = RowPasses.SquaredError(pass.Rows, pass.Outputs, givenTargets + row, scale, workspace.Column);
        pass.ThroughOutput(workspace.Column);
        pass.Backward(targetOfChunk[chunk]);
    }
}
