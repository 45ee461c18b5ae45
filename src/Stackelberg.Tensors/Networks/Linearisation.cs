using System.Numerics;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

/// <summary>
/// A multilayer perceptron at fixed parameters and a fixed batch, with its derivatives: products with the Jacobian, with the exact Hessian
/// and the Gauss-Newton matrix of a loss, second derivatives that involve the inputs, per-sample squares, the kernel of per-sample gradients, and columns of the Hessian.
/// </summary>
/// <remarks>
/// <para><see cref="Forward"/> fixes the point: it evaluates the network and remembers the parameter vector and the input matrix it was
/// given (it does not copy them). Both must keep their values until the next <see cref="Forward"/>; after either changes, call it again.</para>
/// <para>Vectors of parameters have storage length <c>Layout.Parameters.Length</c>, with zero padding; tensors behind the layers (such as
/// <c>log_std</c>) do not enter the network and are zero in every result. Spans may be unaligned.</para>
/// <para>A batch of 512 rows or more is cut into chunks whose contributions are added in a fixed order, so results do not depend on the number
/// of threads. The room for second-order products and for sample-space products is allocated when each is first used; nothing else
/// allocates after construction. Not thread-safe: one object, one caller.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed unsafe partial class Linearisation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer[] layers;
    private readonly int layerStorage;
    private readonly int maximumRows;
    private readonly RowParallelism? crew;
    private readonly Workspace<T>[] workspaces;
    private readonly FlatVector<T>[] activations;
    private readonly WeightTransposes<T> transposes, passTransposes;
    private readonly FlatVector<T>[] partials;
    private readonly Action<int, int> forwardChunk, vjpChunk, inputVjpChunk, lastInputsVjpChunk, jvpChunk, squaredLossChunk;
    private readonly double[] lossOfChunk;
    private readonly T*[] targetOfChunk;

    private FlatVector<T>? parameters;
    private Matrix<T>? inputs;
    private RowChunks chunks;

    /// <summary>Makes room for batches of a perceptron.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="maximumRows">Rows of the largest batch, at least 1.</param>
    /// <param name="parallelism">Threads that share large batches; null: the caller's thread alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maximumRows"/> is not positive, or a layer's batch would exceed <see cref="Padding.MaximumElements"/>.
    /// </exception>
    public Linearisation(MlpLayout layout, int maximumRows, RowParallelism? parallelism = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumRows);
        // before anything is allocated
        Padding.Elements(maximumRows, layout.Widths.Max());
        Layout = layout;
        this.maximumRows = maximumRows;
        layers = Layer.Of(layout);
        layerStorage = Layer.StorageOf(layout);
        Outputs = new Matrix<T>(maximumRows, layout.Outputs);
        activations = Workspace<T>.PerLayer(layers[..^1], maximumRows);
        transposes = new WeightTransposes<T>(layers);
        passTransposes = new WeightTransposes<T>(layers);

        int mostChunks = RowChunks.CountFor(maximumRows);
        crew = mostChunks > 1 && parallelism?.Threads > 1 ? parallelism : null;
        partials = [.. Enumerable.Range(0, crew is null ? 1 : mostChunks).Select(_ => new FlatVector<T>(layerStorage))];
        workspaces = [.. Enumerable.Range(0, crew?.Threads ?? 1).Select(
            worker => new Workspace<T>(layers, worker == 0 ? RowChunks.RoomFor(maximumRows) : RowChunks.MaximumRows))];
        lossOfChunk = new double[mostChunks];
        targetOfChunk = new T*[mostChunks];
        (forwardChunk, vjpChunk, inputVjpChunk, jvpChunk, squaredLossChunk) = (ForwardChunk, VjpChunk, InputVjpChunk, JvpChunk, SquaredLossChunk);
        lastInputsVjpChunk = LastInputsVjpChunk;
        (setLossChunk, lossGradientChunk, hvpChunk) = (SetLossChunk, LossGradientChunk, HvpChunk);
        (gaussNewtonChunk, squaresChunk) = (GaussNewtonChunk, SquaresChunk);
        (prepareColumnsChunk, columnChunk) = (PrepareColumnsChunk, ColumnChunk);
        (mixedInputChunk, mixedParameterChunk, inputHessianChunk) = (MixedInputChunk, MixedParameterChunk, InputHessianChunk);
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>Rows of the last <see cref="Forward"/>; 0 before the first.</summary>
    public int Rows => chunks.Rows;

    /// <summary>The network's outputs, [maximumRows × outputs]; the first <see cref="Rows"/> rows are of the last <see cref="Forward"/>.</summary>
    public Matrix<T> Outputs { get; }

    /// <summary>Evaluates the network on the first <paramref name="rows"/> rows and fixes them as the point of all derivatives.</summary>
    /// <param name="parameters">At least <c>Layout.Parameters.Length</c> elements; remembered, not copied.</param>
    /// <param name="inputs">[at least rows × inputs], padding zero; remembered, not copied.</param>
    /// <param name="rows">1 to the room given at construction.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public void Forward(FlatVector<T> parameters, Matrix<T> inputs, int rows)
    {
        Require.Rows(rows, maximumRows);
        Require.Storage(parameters, Layout, nameof(parameters));
        Require.Batch(inputs, rows, Layout.Inputs, nameof(inputs));
        this.parameters = parameters;
        this.inputs = inputs;
        transposes.Reset(parameters.Pointer);
        lossIsSet = false;
        chunks = new RowChunks(rows);
        Run(forwardChunk);
    }

    private void ForwardChunk(int chunk, int worker) => At(chunk, worker).Forward();

    /// <summary>Rows of the fixed batch.</summary>
    private Chunk<T> At(int chunk, int worker)
    {
        int row = chunks.Start(chunk);
        return new Chunk<T>
        {
            Layers = layers,
            Rows = chunks.Length(chunk),
            Parameters = parameters!.Pointer,
            Transposes = transposes,
            Inputs = inputs!.Pointer + ((nint)row * inputs.Stride),
            Hidden = activations,
            HiddenRow = row,
            Outputs = Outputs.Pointer + ((nint)row * Outputs.Stride),
            Workspace = workspaces[worker],
        };
    }

    private void RequireForward()
    {
        if (inputs is null)
        {
            throw new InvalidOperationException("No point is fixed yet; call Forward first.");
        }
    }

    private void RequireVector(int length, string name) =>
        Require.Length(length, Layout.Parameters.Length, "the layout's storage length", name);
}
