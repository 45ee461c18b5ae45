using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

/// <content>
/// Second derivatives of Σᵢ cotangentᵢ · outᵢ that involve the inputs, at the point fixed by <see cref="Forward"/>: how the gradient that an actor
/// receives from its critic changes with the critic, and what is transposed to that. The loss of the other second-order products is untouched.
/// </content>
public sealed unsafe partial class Linearisation<T>
{
    private readonly Action<int, int> mixedInputChunk, mixedParameterChunk, inputHessianChunk;
    private InputSecondOrderRoom<T>? inputSecondOrder;
    private T* givenInputTangents, inputSecondOrderResult;

    /// <summary>Row i of the result ← ∂/∂inputᵢ (cotangentᵢ · ∂outᵢ/∂parameters · direction): mixed second derivatives times a direction.</summary>
    /// <param name="direction">Storage length, padding zero.</param>
    /// <param name="outputCotangents">[at least Rows × outputs]</param>
    /// <param name="result">[at least Rows × inputs]; replaced.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void MixedInputProduct(ReadOnlySpan<T> direction, Matrix<T> outputCotangents, Matrix<T> result)
    {
        RequireForward();
        RequireVector(direction.Length, nameof(direction));
        Require.Batch(outputCotangents, Rows, Layout.Outputs, nameof(outputCotangents));
        Require.Batch(result, Rows, Layout.Inputs, nameof(result));
        PrepareInputSecondOrder();
        transposes.RequireInput();
        fixed (T* v = direction)
        {
            WeightTransposes<T> directionTransposes = inputSecondOrder!.DirectionTransposes;
            directionTransposes.Reset(v);
            directionTransposes.RequireHidden();
            directionTransposes.RequireInput();
            this.direction = v;
            givenCotangents = outputCotangents.Pointer;
            inputSecondOrderResult = result.Pointer;
            Run(mixedInputChunk);
        }

        GC.KeepAlive(outputCotangents);
        GC.KeepAlive(result);
    }

    /// <summary>
    /// gradient ← (or +=) Σᵢ ∂/∂parameters (cotangentᵢ · ∂outᵢ/∂inputᵢ · tangentᵢ), the transpose of <see cref="MixedInputProduct"/>.
    /// </summary>
    /// <param name="inputTangents">[at least Rows × inputs], padding zero.</param>
    /// <param name="outputCotangents">[at least Rows × outputs]</param>
    /// <param name="gradient">At least storage length.</param>
    /// <param name="inputResult">If given, [at least Rows × inputs]: receives what <see cref="InputHessianProduct"/> writes.</param>
    /// <param name="accumulate">Adds to the gradient instead of replacing it; the input result is always replaced.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void MixedParameterProduct(
        Matrix<T> inputTangents, Matrix<T> outputCotangents, FlatVector<T> gradient, Matrix<T>? inputResult = null, bool accumulate = false) =>
        MixedParameterProduct(inputTangents, outputCotangents, Require.Span(gradient, nameof(gradient)), inputResult, accumulate);

    /// <inheritdoc cref="MixedParameterProduct(Matrix{T}, Matrix{T}, FlatVector{T}, Matrix{T}, bool)"/>
    public void MixedParameterProduct(
        Matrix<T> inputTangents, Matrix<T> outputCotangents, Span<T> gradient, Matrix<T>? inputResult = null, bool accumulate = false)
    {
        RequireForward();
        Require.Batch(inputTangents, Rows, Layout.Inputs, nameof(inputTangents));
        Require.Batch(outputCotangents, Rows, Layout.Outputs, nameof(outputCotangents));
        Require.Storage<T>(gradient, Layout, nameof(gradient));
        PrepareInputSecondOrder();
        if (inputResult is not null)
        {
            Require.Batch(inputResult, Rows, Layout.Inputs, nameof(inputResult));
            transposes.RequireInput();
        }

        givenInputTangents = inputTangents.Pointer;
        givenCotangents = outputCotangents.Pointer;
        inputSecondOrderResult = inputResult is null ? null : inputResult.Pointer;
        fixed (T* into = gradient)
        {
            RunAndAdd(mixedParameterChunk, into, accumulate);
        }

        GC.KeepAlive(inputTangents);
        GC.KeepAlive(outputCotangents);
        GC.KeepAlive(inputResult);
    }

    /// <summary>Row i of the result ← ∂²(cotangentᵢ · outᵢ)/∂inputᵢ² · tangentᵢ.</summary>
    /// <param name="inputTangents">[at least Rows × inputs], padding zero.</param>
    /// <param name="outputCotangents">[at least Rows × outputs]</param>
    /// <param name="result">[at least Rows × inputs]; replaced.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void InputHessianProduct(Matrix<T> inputTangents, Matrix<T> outputCotangents, Matrix<T> result)
    {
        RequireForward();
        Require.Batch(inputTangents, Rows, Layout.Inputs, nameof(inputTangents));
        Require.Batch(outputCotangents, Rows, Layout.Outputs, nameof(outputCotangents));
        Require.Batch(result, Rows, Layout.Inputs, nameof(result));
        PrepareInputSecondOrder();
        transposes.RequireInput();
        givenInputTangents = inputTangents.Pointer;
        givenCotangents = outputCotangents.Pointer;
        inputSecondOrderResult = result.Pointer;
        Run(inputHessianChunk);
        GC.KeepAlive(inputTangents);
        GC.KeepAlive(outputCotangents);
        GC.KeepAlive(result);
    }

    private void PrepareInputSecondOrder()
    {
        inputSecondOrder ??= new InputSecondOrderRoom<T>(layers, workspaces.Select(workspace => workspace.Rows));
        transposes.RequireHidden();
    }

    private void MixedInputChunk(int chunk, int worker)
    {
        nint row = chunks.Start(chunk);
        At(chunk, worker).MixedInput(
            inputSecondOrder!.Records[worker],
            givenCotangents + (row * Outputs.Stride),
            direction,
            inputSecondOrder.DirectionTransposes,
            inputSecondOrderResult + (row * layers[0].InStride));
    }

    private void MixedParameterChunk(int chunk, int worker) => MovingInputsChunk(chunk, worker, targetOfChunk[chunk]);

    private void InputHessianChunk(int chunk, int worker) => MovingInputsChunk(chunk, worker, null);

    private void MovingInputsChunk(int chunk, int worker, T* target)
    {
        nint row = chunks.Start(chunk);
        nint offset = row * layers[0].InStride;
        At(chunk, worker).MovingInputs(
            inputSecondOrder!.Records[worker],
            givenCotangents + (row * Outputs.Stride),
            givenInputTangents + offset,
            target,
            inputSecondOrderResult == null ? null : inputSecondOrderResult + offset);
    }
}
