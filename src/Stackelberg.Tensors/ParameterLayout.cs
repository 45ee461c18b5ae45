namespace Stackelberg.Tensors;

/// <summary>Where one parameter tensor lies inside a flat vector: row-major, <see cref="Stride"/> elements from row to row.</summary>
/// <param name="Name">For example <c>layers.0.weight</c>; unique in its layout.</param>
/// <param name="Rows">Weights: inputs. Biases: 1.</param>
/// <param name="Columns">Outputs.</param>
/// <param name="Offset">First element; a multiple of <see cref="Padding.Unit"/>.</param>
public readonly record struct ParameterBlock(string Name, int Rows, int Columns, int Offset)
{
    /// <summary>Distance between rows.</summary>
    public int Stride => Padding.Stride(Columns);

    /// <summary>Elements of storage, with padding.</summary>
    public int Length => Padding.RoundUp(Rows * Stride);

    /// <summary>Elements without padding.</summary>
    public int Count => Rows * Columns;
}

/// <summary>
/// The order of all parameters of a network in one flat vector. Gradients, optimiser moments, targets and solver vectors mirror it.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>Lays out tensors one after the other.</summary>
    /// <param name="shapes">Name, rows and columns of each tensor in order; names differ, rows and columns are at least 1.</param>
    /// <exception cref="ArgumentException">
    /// A name appears twice, a number is not positive, or storage exceeds <see cref="Padding.MaximumElements"/>.
    /// </exception>
    public ParameterLayout(IEnumerable<(string Name, int Rows, int Columns)> shapes)
    {
        var blocks = new List<ParameterBlock>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        int offset = 0;
        foreach ((string name, int rows, int columns) in shapes)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"Two parameter tensors are called '{name}'; names must differ.", nameof(shapes));
            }

            int length = Padding.RoundUp(Padding.Elements(rows, columns));
            if (length > Padding.MaximumElements - offset)
            {
                throw new ArgumentException(
                    $"With '{name}' [{rows} × {columns}] the layout takes more than the {Padding.MaximumElements} elements of one vector.", nameof(shapes));
            }

            var block = new ParameterBlock(name, rows, columns, offset);
            blocks.Add(block);
            offset += length;
            Count += block.Count;
        }

        Blocks = blocks;
        Length = offset;
        Coordinates = CoordinateMap.Of(this);
    }

    /// <summary>Layouts one after the other in one vector; each tensor's name gets its layout's as a prefix, such as <c>critic2.layers.0.weight</c>.</summary>
    /// <exception cref="ArgumentException">Two tensors get the same name, or storage exceeds <see cref="Padding.MaximumElements"/>.</exception>
    public static ParameterLayout Concatenate(params IEnumerable<(string Name, ParameterLayout Layout)> parts) => new(
        parts.SelectMany(static part => part.Layout.Blocks.Select(block => ($"{part.Name}.{block.Name}", block.Rows, block.Columns))));

    /// <summary>The tensors in order.</summary>
    public IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>Elements of storage; a multiple of <see cref="Padding.Unit"/>.</summary>
    public int Length { get; }

    /// <summary>Number of parameters, padding not counted.</summary>
    public int Count { get; }

    /// <summary>Where each real parameter lies in storage.</summary>
    public CoordinateMap Coordinates { get; }

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="KeyNotFoundException">No tensor has this name.</exception>
    public ParameterBlock this[string name]
    {
        get
        {
            foreach (ParameterBlock block in Blocks)
            {
                if (block.Name == name)
                {
                    return block;
                }
            }

            throw new KeyNotFoundException($"No parameter tensor '{name}'; there are: {string.Join(", ", Blocks.Select(b => b.Name))}.");
        }
    }
}

/// <summary>Maps logical coordinates 0 … <see cref="Count"/> − 1 to positions in padded storage, in increasing order.</summary>
public sealed class CoordinateMap : IEquatable<CoordinateMap>
{
    private readonly int[]? positions;
    private readonly CoordinateMap? exported;

    private CoordinateMap(int count, int[]? positions, CoordinateMap? exported = null)
    {
        Count = count;
        this.positions = positions;
        this.exported = exported;
    }

    /// <summary>Number of logical coordinates.</summary>
    public int Count { get; }

    /// <summary>Whether storage has no padding.</summary>
    public bool IsIdentity => positions is null;

    /// <summary>
    /// The same positions in the order of exported parameters and of other frameworks: tensor by tensor, each [columns × rows], so that weights
    /// go output by output.
    /// </summary>
    public CoordinateMap Exported => exported ?? this;

    /// <summary>Position in storage of a logical coordinate.</summary>
    public int this[int logical] => positions is null ? logical : positions[logical];

    /// <summary>Storage without padding.</summary>
    public static CoordinateMap Identity(int count) => new(count, null);

    /// <summary>Elements of storage that hold all coordinates: one more than the last position.</summary>
    public int Extent => Count == 0 ? 0 : this[Count - 1] + 1;

    /// <summary>Whether the coordinates lie at the same positions.</summary>
    public bool Equals(CoordinateMap? other) =>
        other is not null && Count == other.Count && (ReferenceEquals(positions, other.positions) || Positions().SequenceEqual(other.Positions()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CoordinateMap);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Extent);

    /// <summary>Storages one after the other, each of its own length.</summary>
    public static CoordinateMap Concatenate(params ReadOnlySpan<(CoordinateMap Map, int Length)> parts)
    {
        CoordinateMap? exported = null;
        foreach ((CoordinateMap map, _) in parts)
        {
            exported ??= map.exported is null ? null : Concatenate([.. parts.ToArray().Select(static part => (part.Map.Exported, part.Length))]);
        }

        var positions = new List<int>();
        int offset = 0;
        foreach ((CoordinateMap map, int length) in parts)
        {
            for (int i = 0; i < map.Count; i++)
            {
                positions.Add(offset + map[i]);
            }

            offset += length;
        }

        bool isIdentity = positions.Count == offset && positions.SequenceEqual(Enumerable.Range(0, offset));
        return new CoordinateMap(positions.Count, isIdentity ? null : [.. positions], exported);
    }

    private IEnumerable<int> Positions() => positions ?? Enumerable.Range(0, Count);

    internal static CoordinateMap Of(ParameterLayout layout)
    {
        var positions = new int[layout.Count];
        var transposed = new int[layout.Count];
        int first = 0;
        foreach (ParameterBlock block in layout.Blocks)
        {
            for (int row = 0; row < block.Rows; row++)
            {
                for (int column = 0; column < block.Columns; column++)
                {
                    int position = block.Offset + (row * block.Stride) + column;
                    positions[first + (row * block.Columns) + column] = position;
                    transposed[first + (column * block.Rows) + row] = position;
                }
            }

            first += block.Count;
        }

        return new CoordinateMap(
            layout.Count,
            layout.Count == layout.Length ? null : positions,
            positions.AsSpan().SequenceEqual(transposed) ? null : new CoordinateMap(layout.Count, transposed));
    }
}
