namespace Stackelberg.Tensors.Internals;

/// <summary>
/// What a node of the tape computes from its operands A, B, C. The set is closed under differentiation: the vector-Jacobian product and the
/// tangent of every operation are again operations of this list.
/// </summary>
internal enum Operation : byte
{
    /// <summary>Data from outside or a constant.</summary>
    Leaf,

    /// <summary>A, not differentiated.</summary>
    StopGradient,

    /// <summary>A copy of A in memory outside the tape; not differentiated further.</summary>
    Copy,

    /// <summary>φ(A·B + C), C a row or none.</summary>
    Linear,

    /// <summary>A·B.</summary>
    ProductNN,

    /// <summary>A·Bᵀ.</summary>
    ProductNT,

    /// <summary>Aᵀ·B.</summary>
    ProductTN,

    /// <summary>Aᵀ.</summary>
    Transpose,

    /// <summary>φ(A).</summary>
    Activate,

    /// <summary>A ∘ φ′, φ′ written in the activation's value B.</summary>
    ActivationGradient,

    /// <summary>A + B.</summary>
    Add,

    /// <summary>A − B.</summary>
    Subtract,

    /// <summary>A ∘ B.</summary>
    Multiply,

    /// <summary>A / B.</summary>
    Divide,

    /// <summary>scale · A ∘ B ∘ C.</summary>
    TripleProduct,

    /// <summary>The smaller of A and B.</summary>
    Minimum,

    /// <summary>The larger of A and B.</summary>
    Maximum,

    /// <summary>A where B ≤ C, else 0.</summary>
    WhereAtMost,

    /// <summary>A where B &gt; C, else 0.</summary>
    WhereGreater,

    /// <summary>A where scale ≤ B ≤ shift, else 0.</summary>
    WhereBetween,

    /// <summary>A limited to [scale, shift].</summary>
    Clamp,

    /// <summary>scale · A + shift.</summary>
    Affine,

    /// <summary>A².</summary>
    Square,

    /// <summary>√A.</summary>
    Sqrt,

    /// <summary>exp A.</summary>
    Exp,

    /// <summary>ln A.</summary>
    Log,

    /// <summary>ln(1 + exp A).</summary>
    Softplus,

    /// <summary>1 / (1 + exp(−A)).</summary>
    Sigmoid,

    /// <summary>scale · Σ of all elements.</summary>
    Sum,

    /// <summary>scale · Σ over rows: a row.</summary>
    SumOverRows,

    /// <summary>scale · Σ over columns: a column.</summary>
    SumOverColumns,

    /// <summary>scale · the number A everywhere.</summary>
    BroadcastScalar,

    /// <summary>scale · the row A in every row.</summary>
    BroadcastRow,

    /// <summary>scale · the column A in every column.</summary>
    BroadcastColumn,

    /// <summary>The columns of A, then those of B.</summary>
    Concat,

    /// <summary>Columns of A from start.</summary>
    SliceColumns,

    /// <summary>A as columns from start of a wider matrix of zeros.</summary>
    PadColumns,

    /// <summary>Rows of A from start.</summary>
    SliceRows,

    /// <summary>A as rows from start of a higher matrix of zeros.</summary>
    PadRows,

    /// <summary>One column per row: A(r, indices[start + r]).</summary>
    Gather,

    /// <summary>Zero but for the column A's elements at (r, indices[start + r]).</summary>
    Scatter,

    /// <summary>ln softmax of each row.</summary>
    LogSoftmax,

    /// <summary>Softmax of each row.</summary>
    Softmax,

    /// <summary>y(t) = A(t) + B(t) · y(t + 1), from the last row up.</summary>
    DiscountedSum,

    /// <summary>y(t) = A(t) + B(t − 1) · y(t − 1), from the first row down.</summary>
    DiscountedSumForward,
}
