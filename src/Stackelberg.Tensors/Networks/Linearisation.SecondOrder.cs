using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private readonly Action<int, int> setLossChunk, lossGradientChunk, hvpChunk, gaussNewtonChunk;
    private LossRecord<T>? loss;
    private bool lossIsSet;

    /// <summary>Fixes the loss of the second-order products at the point of the last <see cref="Forward"/>.</summary>
    /// <param name="outputGradient">[at least Rows × outputs] ∂loss/∂out; copied.</param>
    /// <param name="outputCurvature">[at least Rows × outputs] ∂²loss/∂out², diagonal per sample and output; copied.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public void SetLoss(Matrix<T> outputGradient, Matrix<T> outputCurvature)
    {
        RequireForward();
        Require.Batch(outputGradient, Rows, Layout.Outputs, nameof(outputGradient));
        Require.Batch(outputCurvature, Rows, Layout.Outputs, nameof(outputCurvature));
        loss ??= new LossRecord<T>(layers, maximumRows);
        int count = Rows * Outputs.Stride;
        outputGradient.Span[..count].CopyTo(new Span<T>(loss.Gradient(0), count));
        outputCurvature.Span[..count].CopyTo(new Span<T>(loss.Curvature(0), count));
        RecordLoss();
    }

    /// <summary>Fixes the loss mean over rows of (out − target)², whose gradient is 2 (out − target) / Rows and curvature 2 / Rows.</summary>
    /// <param name="targets">One per row.</param>
    /// <exception cref="ArgumentException">The number of targets is not <see cref="Rows"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> has not been called, or the network has more than one output.
    /// </exception>
    public void SetSquaredLoss(ReadOnlySpan<T> targets)
    {
        Require.ScalarOutput(Layout, nameof(SetSquaredLoss));
        RequireForward();
        Require.Length(targets.Length, Rows, "one target per row", nameof(targets));
        loss ??= new LossRecord<T>(layers, maximumRows);
        T curvature = T.CreateTruncating(2.0 / Rows);
        fixed (T* y = targets)
        {
            RowPasses.SquaredError(Rows, Outputs.Pointer, y, curvature, loss.Gradient(0));
        }

        new Span<T>(loss.Curvature(0), Rows).Fill(curvature);
        RecordLoss();
    }

    /// <summary>gradient ← Jᵀ g, the gradient of the loss.</summary>
    /// <param name="gradient">At least storage length.</param>
    /// <exception cref="ArgumentException">The vector is too short.</exception>
    /// <exception cref="InvalidOperationException">No loss is set since the last <see cref="Forward"/>.</exception>
    public void LossGradient(FlatVector<T> gradient) => LossGradient(Require.Span(gradient, nameof(gradient)));

    /// <inheritdoc cref="LossGradient(FlatVector{T})"/>
    public void LossGradient(Span<T> gradient)
    {
        RequireLoss();
        Require.Storage<T>(gradient, Layout, nameof(gradient));
        fixed (T* result = gradient)
        {
            RunAndAdd(lossGradientChunk, result, accumulate: false);
        }
    }

    /// <summary>result ← H · direction with the exact Hessian of the loss (Pearlmutter 1994).</summary>
    /// <param name="direction">Storage length, padding zero.</param>
    /// <param name="result">Storage length; must not overlap the direction.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">No loss is set since the last <see cref="Forward"/>.</exception>
    public void Hvp(ReadOnlySpan<T> direction, Span<T> result)
    {
        RequireLoss();
        RequireVectors(direction, result);
        fixed (T* v = direction)
        {
            loss!.DirectionTransposes.Reset(v);
            loss.DirectionTransposes.RequireHidden();
            Product(hvpChunk, v, result);
        }
    }

    /// <summary>result ← Jᵀ D J · direction with D the loss' curvature with respect to the outputs (the Gauss-Newton matrix).</summary>
    /// <inheritdoc cref="Hvp"/>
    public void GaussNewtonProduct(ReadOnlySpan<T> direction, Span<T> result)
    {
        RequireLoss();
        RequireVectors(direction, result);
        fixed (T* v = direction)
        {
            Product(gaussNewtonChunk, v, result);
        }
    }

    private void Product(Action<int, int> body, T* v, Span<T> result)
    {
        direction = v;
        fixed (T* into = result)
        {
            RunAndAdd(body, into, accumulate: false);
        }
    }

    private void RecordLoss()
    {
        transposes.RequireHidden();
        Run(setLossChunk);
        lossIsSet = true;
    }

    private void SetLossChunk(int chunk, int worker)
    {
        int row = chunks.Start(chunk);
        At(chunk, worker).Record(loss!.Backward, row, loss.Gradient(row));
    }

    private void LossGradientChunk(int chunk, int worker) =>
        At(chunk, worker).LossGradient(loss!, chunks.Start(chunk), targetOfChunk[chunk]);

    private void HvpChunk(int chunk, int worker) =>
        At(chunk, worker).Hessian(loss!, chunks.Start(chunk), direction, targetOfChunk[chunk]);

    private void GaussNewtonChunk(int chunk, int worker) =>
        At(chunk, worker).GaussNewton(loss!, chunks.Start(chunk), direction, targetOfChunk[chunk]);

    private void RequireLoss()
    {
        if (!lossIsSet)
        {
            throw new InvalidOperationException("No loss is set at this point; call SetLoss or SetSquaredLoss after Forward.");
        }
    }

    private void RequireVectors(ReadOnlySpan<T> direction, Span<T> result)
    {
        RequireVector(direction.Length, nameof(direction));
        RequireVector(result.Length, nameof(result));
        if (direction.Overlaps(result))
        {
            throw new ArgumentException("The result overlaps the direction; give it memory of its own.", nameof(result));
        }
    }
}
