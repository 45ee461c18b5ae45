using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private T* givenCotangents, givenInputCotangents, direction, givenTangents, lastInputWeight;
    private int lastInputs;

    /// <summary>gradient ← (or +=) Σᵢ cotangentᵢ · ∂outᵢ/∂parameters.</summary>
    /// <param name="outputCotangents">[at least Rows × outputs]</param>
    /// <param name="gradient">At least storage length.</param>
    /// <param name="accumulate">Adds to the gradient instead of replacing it.</param>
    /// <param name="inputCotangents">If given, [at least Rows × inputs]: row i ← cotangentᵢ · ∂outᵢ/∂inputᵢ.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void Vjp(Matrix<T> outputCotangents, FlatVector<T> gradient, bool accumulate = false, Matrix<T>? inputCotangents = null) =>
        Vjp(outputCotangents, Require.Span(gradient, nameof(gradient)), accumulate, inputCotangents);

    /// <inheritdoc cref="Vjp(Matrix{T}, FlatVector{T}, bool, Matrix{T})"/>
    public void Vjp(Matrix<T> outputCotangents, Span<T> gradient, bool accumulate = false, Matrix<T>? inputCotangents = null)
    {
        RequireForward();
        Require.Batch(outputCotangents, Rows, Layout.Outputs, nameof(outputCotangents));
        Require.Storage<T>(gradient, Layout, nameof(gradient));
        transposes.RequireHidden();
        if (inputCotangents is not null)
        {
            Require.Batch(inputCotangents, Rows, Layout.Inputs, nameof(inputCotangents));
            transposes.RequireInput();
        }

        givenCotangents = outputCotangents.Pointer;
        givenInputCotangents = inputCotangents is null ? null : inputCotangents.Pointer;
        fixed (T* result = gradient)
        {
            RunAndAdd(vjpChunk, result, accumulate);
        }

        GC.KeepAlive(outputCotangents);
        GC.KeepAlive(inputCotangents);
    }

    /// <summary>Row i of the result ← cotangentᵢ · ∂outᵢ/∂inputᵢ, without the gradient of the parameters: how an actor sees its critic.</summary>
    /// <param name="outputCotangents">[at least Rows × outputs]</param>
    /// <param name="inputCotangents">[at least Rows × inputs]; replaced.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void InputVjp(Matrix<T> outputCotangents, Matrix<T> inputCotangents)
    {
        RequireForward();
        Require.Batch(outputCotangents, Rows, Layout.Outputs, nameof(outputCotangents));
        Require.Batch(inputCotangents, Rows, Layout.Inputs, nameof(inputCotangents));
        transposes.RequireHidden();
        transposes.RequireInput();
        givenCotangents = outputCotangents.Pointer;
        givenInputCotangents = inputCotangents.Pointer;
        Run(inputVjpChunk);
        GC.KeepAlive(outputCotangents);
        GC.KeepAlive(inputCotangents);
    }

    /// <summary>
    /// As <see cref="InputVjp(Matrix{T}, Matrix{T})"/> for the last inputs alone, whose product is all that is computed: an actor needs of its
    /// critic's input gradient the columns of the action.
    /// </summary>
    /// <param name="outputCotangents">[at least Rows × outputs]</param>
    /// <param name="firstColumn">The first input wanted, 0 to inputs − 1.</param>
    /// <param name="inputCotangents">[at least Rows × (inputs − firstColumn)]; replaced.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="firstColumn"/> is no input.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void InputVjp(Matrix<T> outputCotangents, int firstColumn, Matrix<T> inputCotangents)
    {
        RequireForward();
        if (firstColumn < 0 || firstColumn >= Layout.Inputs)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstColumn), firstColumn, $"The first input wanted lies between 0 and {Layout.Inputs - 1}.");
        }

        lastInputs = Layout.Inputs - firstColumn;
        Require.Batch(outputCotangents, Rows, Layout.Outputs, nameof(outputCotangents));
        Require.Batch(inputCotangents, Rows, lastInputs, nameof(inputCotangents));
        transposes.RequireHidden();
        lastInputWeight = transposes.OfLastInputs(firstColumn);
        givenCotangents = outputCotangents.Pointer;
        givenInputCotangents = inputCotangents.Pointer;
        Run(lastInputsVjpChunk);
        GC.KeepAlive(outputCotangents);
        GC.KeepAlive(inputCotangents);
    }

    /// <summary>tangents ← ∂out/∂parameters · direction.</summary>
    /// <param name="direction">Storage length, padding zero.</param>
    /// <param name="outputTangents">[at least Rows × outputs]; not <see cref="Outputs"/>, which later products read.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void Jvp(ReadOnlySpan<T> direction, Matrix<T> outputTangents)
    {
        RequireForward();
        RequireVector(direction.Length, nameof(direction));
        Require.Batch(outputTangents, Rows, Layout.Outputs, nameof(outputTangents));
        fixed (T* v = direction)
        {
            this.direction = v;
            givenTangents = outputTangents.Pointer;
            Run(jvpChunk);
        }

        GC.KeepAlive(outputTangents);
    }

    private void VjpChunk(int chunk, int worker)
    {
        int row = chunks.Start(chunk);
        Chunk<T> at = At(chunk, worker);
        at.ThroughOutput(givenCotangents + ((nint)row * Outputs.Stride));
        at.Backward(targetOfChunk[chunk]);
        if (givenInputCotangents != null)
        {
            at.ToInputs(givenInputCotangents + ((nint)row * layers[0].InStride));
        }
    }

    private void InputVjpChunk(int chunk, int worker)
    {
        int row = chunks.Start(chunk);
        Chunk<T> at = At(chunk, worker);
        at.ThroughOutput(givenCotangents + ((nint)row * Outputs.Stride));
        at.Backward(null);
        at.ToInputs(givenInputCotangents + ((nint)row * layers[0].InStride));
    }

    private void LastInputsVjpChunk(int chunk, int worker)
    {
        nint row = chunks.Start(chunk);
        Chunk<T> at = At(chunk, worker);
        at.ThroughOutput(givenCotangents + (row * Outputs.Stride));
        at.Backward(null);
        at.ToLastInputs(lastInputWeight, lastInputs, givenInputCotangents + (row * Padding.Stride(lastInputs)));
    }

    private void JvpChunk(int chunk, int worker) =>
        At(chunk, worker).Tangents(direction, givenTangents + ((nint)chunks.Start(chunk) * Outputs.Stride));
}
