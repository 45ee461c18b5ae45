using Stackelberg.Tensors.Internals;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors;

/// <content>Executing matrix products: one, or a sum of two with a row added and an activation's derivative applied, in one pass.</content>
public sealed unsafe partial class Tape<T>
{
    private void ExecuteProduct(int index)
    {
        TapeNode<T> node = nodes[index];
        if (node.Columns == 1)
        {
            ExecuteColumnProduct(in node);
            return;
        }

        var factors = Factors.Of(this, index);
        T* bias = node.C < 0 ? null : nodes[node.C].Data;
        switch (node.Activation)
        {
            case Activation.Relu:
                var relu = new ReluEpilogue<T>(node.Data, node.Stride);
                factors.Run(null, null, bias, ref relu);
                break;
            case Activation.Tanh:
                var tanh = new TanhEpilogue<T>(node.Data, node.Stride);
                factors.Run(null, null, bias, ref tanh);
                break;
            default:
                var store = new StoreEpilogue<T>(node.Data, node.Stride);
                factors.Run(null, null, bias, ref store);
                break;
        }
    }

    /// <summary>Adds a product to what its buffer holds.</summary>
    private void AccumulateProduct(int index)
    {
        var accumulate = new AccumulateEpilogue<T>(nodes[index].Data, nodes[index].Stride);
        Factors.Of(this, index).Run(null, null, null, ref accumulate);
    }

    /// <summary>
    /// Writes row + first + second to <paramref name="sum"/>; if <paramref name="gradient"/> is not null, also its product with φ′ at
    /// <paramref name="value"/>. Both products have the same kind and shapes; the second and the row may be missing.
    /// </summary>
    private void ExecuteProducts(int first, int second, T* row, T* sum, T* gradient, T* value, Activation activation)
    {
        var factors = Factors.Of(this, first);
        T* a2 = null;
        T* b2 = null;
        if (second >= 0)
        {
            var more = Factors.Of(this, second);
            a2 = more.A;
            b2 = more.B;
        }

        nint stride = nodes[first].Stride;
        if (gradient == null)
        {
            var store = new StoreEpilogue<T>(sum, stride);
            factors.Run(a2, b2, row, ref store);
        }
        else if (activation == Activation.Relu)
        {
            var relu = new ReluGradientStoreEpilogue<T>(sum, gradient, value, stride);
            factors.Run(a2, b2, row, ref relu);
        }
        else
        {
            var tanh = new TanhGradientStoreEpilogue<T>(sum, gradient, value, stride);
            factors.Run(a2, b2, row, ref tanh);
        }
    }

    /// <summary>Products with one column: dot products along rows, or a sum of rows.</summary>
    private void ExecuteColumnProduct(ref readonly TapeNode<T> node)
    {
        ref TapeNode<T> a = ref nodes[node.A];
        ref TapeNode<T> b = ref nodes[node.B];
        T bias = node.C < 0 ? T.Zero : *nodes[node.C].Data;
        if (node.Operation != Operation.ProductTN)
        {
            // a column and a row are stored alike, so B and Bᵀ need no distinction; zero padding adds nothing
            Gemm.RowDots(a.Rows, a.Stride, a.Data, a.Stride, b.Data, bias, node.Data);
        }
        else if (a.Columns == 1)
        {
            Gemm.RowDots(1, a.Rows, a.Data, a.Rows, b.Data, T.Zero, node.Data);
        }
        else
        {
            // (bᵀ A)ᵀ: the weighted sum of A's rows, stored densely like the column it is
            var store = new StoreEpilogue<T>(node.Data, a.Stride);
            Gemm.Run(false, 1, a.Stride, a.Rows, b.Data, b.Rows, a.Data, a.Stride, null, null, null, ref store);
        }

        RowKernels.ClearPadding(in node);
        if (node.Activation == Activation.Relu)
        {
            Elementwise.Unary(node.Size, node.Data, node.Data, default(ReluOperation<T>));
        }
        else if (node.Activation == Activation.Tanh)
        {
            Elementwise.Unary(node.Size, node.Data, node.Data, default(TanhOperation<T>));
        }
    }

    /// <summary>A product's factors as the kernel takes them.</summary>
    private readonly ref struct Factors
    {
        public T* A { get; private init; }

        public T* B { get; private init; }

        private bool TransposeA { get; init; }

        private int Rows { get; init; }

        private int Columns { get; init; }

        private int Inner { get; init; }

        private nint StrideA { get; init; }

        private nint StrideB { get; init; }

        public static Factors Of(Tape<T> tape, int index)
        {
            Operation operation = tape.nodes[index].Operation;
            int b = tape.nodes[index].B;
            if (operation == Operation.ProductNT)
            {
                b = tape.TransposeOf(b);
            }

            ref TapeNode<T> node = ref tape.nodes[index];
            ref TapeNode<T> left = ref tape.nodes[node.A];
            ref TapeNode<T> right = ref tape.nodes[b];
            bool transposeA = operation == Operation.ProductTN;
            return new Factors
            {
                A = left.Data,
                B = right.Data,
                TransposeA = transposeA,
                Rows = node.Rows,
                Columns = node.Stride,
                Inner = transposeA ? left.Rows : left.Columns,
                StrideA = left.Stride,
                StrideB = right.Stride,
            };
        }

        public void Run<TEpilogue>(T* a2, T* b2, T* bias, ref TEpilogue epilogue)
            where TEpilogue : struct, IEpilogue<T> =>
            Gemm.Run(TransposeA, Rows, Columns, Inner, A, StrideA, B, StrideB, a2, b2, bias, ref epilogue);
    }
}
