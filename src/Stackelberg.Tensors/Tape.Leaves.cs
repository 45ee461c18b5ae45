using Stackelberg.Tensors.Internals;

namespace Stackelberg.Tensors;

/// <content>Leaves and constants, and reading values.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>One tensor of a flat parameter vector, [block.Rows × block.Columns], without copying.</summary>
    /// <exception cref="ArgumentException">The block does not lie inside the vector.</exception>
    public Variable Leaf(FlatVector<T> vector, ParameterBlock block)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (block.Offset < 0 || block.Offset % Padding.Unit != 0 || block.Offset + block.Length > vector.Capacity)
        {
            throw new ArgumentException(
                $"The tensor '{block.Name}' takes elements {block.Offset} … {block.Offset + block.Length - 1}, but the vector has {vector.Length}. "
                + "Use the layout that the vector was made for.");
        }

        return LeafAt(vector, vector.Pointer + block.Offset, block.Rows, block.Columns);
    }

    /// <summary>A matrix, without copying.</summary>
    public Variable Leaf(Matrix<T> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Leaf(matrix, matrix.Rows);
    }

    /// <summary>The first <paramref name="rows"/> rows of a matrix, without copying (a single column is copied: its tail must be zero).</summary>
    public Variable Leaf(Matrix<T> matrix, int rows)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, matrix.Rows);
        return matrix.Stride == 1 && rows < matrix.Rows
            ? Constant(matrix.Span[..rows], rows, 1)
            : LeafAt(matrix, matrix.Pointer, rows, matrix.Columns);
    }

    /// <summary>All tensors of a layout as leaves, in order, without copying.</summary>
    /// <param name="parameters">Receives one variable per tensor; as long as <see cref="ParameterLayout.Blocks"/>.</param>
    public void Leaves(ParameterLayout layout, FlatVector<T> vector, Span<Variable> parameters)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (parameters.Length != layout.Blocks.Count)
        {
            TapeErrors.Counts("variables", parameters.Length, "tensors in the layout", layout.Blocks.Count);
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Leaf(vector, layout.Blocks[i]);
        }
    }

    /// <summary>The number <paramref name="value"/>, [1 × 1].</summary>
    public Variable Constant(double value) => Constant(value, 1, 1);

    /// <summary><paramref name="value"/> everywhere.</summary>
    public Variable Constant(double value, int rows, int columns)
    {
        int index = NewConstant(rows, columns);
        ref TapeNode<T> node = ref nodes[index];
        T number = T.CreateTruncating(value);
        for (int r = 0; r < rows; r++)
        {
            new Span<T>(node.Data + ((nint)r * node.Stride), columns).Fill(number);
        }

        Inspect(index);
        return Handle(index);
    }

    /// <summary>Copies numbers: row after row, without padding.</summary>
    public Variable Constant(ReadOnlySpan<T> values, int rows, int columns)
    {
        if (values.Length != (long)rows * columns)
        {
            TapeErrors.Shape("Constant", rows, columns, $"there are {values.Length} values");
        }

        int index = NewConstant(rows, columns);
        ref TapeNode<T> node = ref nodes[index];
        for (int r = 0; r < rows; r++)
        {
            values.Slice(r * columns, columns).CopyTo(new Span<T>(node.Data + ((nint)r * node.Stride), columns));
        }

        Inspect(index);
        return Handle(index);
    }

    /// <summary>Rows of the value.</summary>
    public int Rows(Variable variable) => nodes[IndexOf(variable)].Rows;

    /// <summary>Columns of the value.</summary>
    public int Columns(Variable variable) => nodes[IndexOf(variable)].Columns;

    /// <summary>The number in a [1 × 1] variable.</summary>
    public T Value(Variable variable)
    {
        ref TapeNode<T> node = ref nodes[IndexOf(variable)];
        if (node.Rows != 1 || node.Columns != 1)
        {
            TapeErrors.Shape("Value", node.Rows, node.Columns, "one number, [1 × 1], is read; use Row or CopyTo");
        }

        return *node.Data;
    }

    /// <summary>One row of the value; valid until the tape is reset or rewound.</summary>
    public ReadOnlySpan<T> Row(Variable variable, int row)
    {
        ref TapeNode<T> node = ref nodes[IndexOf(variable)];
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)node.Rows, nameof(row));
        return new ReadOnlySpan<T>(node.Data + ((nint)row * node.Stride), node.Columns);
    }

    /// <summary>Copies the value row after row without padding.</summary>
    public void CopyTo(Variable variable, Span<T> values)
    {
        ref TapeNode<T> node = ref nodes[IndexOf(variable)];
        if (values.Length != node.Rows * node.Columns)
        {
            TapeErrors.Shape("CopyTo", node.Rows, node.Columns, $"the span has {values.Length} elements");
        }

        for (int r = 0; r < node.Rows; r++)
        {
            new ReadOnlySpan<T>(node.Data + ((nint)r * node.Stride), node.Columns).CopyTo(values[(r * node.Columns)..]);
        }
    }

    /// <summary>Copies variables with the shapes of a layout's tensors into a flat vector.</summary>
    public void CopyTo(ReadOnlySpan<Variable> variables, ParameterLayout layout, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        CheckLayout(variables, layout, vector);
        for (int i = 0; i < variables.Length; i++)
        {
            ref TapeNode<T> node = ref nodes[IndexOf(variables[i])];
            new ReadOnlySpan<T>(node.Data, node.Size).CopyTo(new Span<T>(vector.Pointer + layout.Blocks[i].Offset, node.Size));
        }
    }

    private void CheckLayout(ReadOnlySpan<Variable> variables, ParameterLayout layout, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (variables.Length != layout.Blocks.Count)
        {
            TapeErrors.Counts("variables", variables.Length, "tensors in the layout", layout.Blocks.Count);
        }

        if (vector.Length != layout.Length)
        {
            TapeErrors.Counts("elements in the vector", vector.Length, "in the layout", layout.Length);
        }

        for (int i = 0; i < variables.Length; i++)
        {
            ref TapeNode<T> node = ref nodes[IndexOf(variables[i])];
            ParameterBlock block = layout.Blocks[i];
            if (node.Rows != block.Rows || node.Columns != block.Columns)
            {
                TapeErrors.Shapes($"Tensor '{block.Name}'", node.Rows, node.Columns, block.Rows, block.Columns, "a variable must have its tensor's shape");
            }
        }
    }

    private Variable LeafAt(object owner, T* data, int rows, int columns)
    {
        if (ownerCount == owners.Length)
        {
            Array.Resize(ref owners, 2 * ownerCount);
        }

        // the collector must not free the memory while the tape refers to it
        owners[ownerCount++] = owner;
        Append(Operation.Leaf, rows, columns, -1).Data = data;
        Inspect(count - 1);
        return Handle(count - 1);
    }

    private int NewConstant(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ref TapeNode<T> node = ref Append(Operation.Leaf, rows, columns, -1);
        node.Data = arena.Take(rows * node.Stride);
        new Span<T>(node.Data, node.Size).Clear();
        return count - 1;
    }
}
