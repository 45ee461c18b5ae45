using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>The elements of several spaces, one after another: what several agents observe or choose together.</summary>
public sealed class ProductSpace : Space
{
    private readonly Space[] parts;

    /// <summary>The product of at least one space, in their order.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ProductSpace(params IReadOnlyList<Space> parts)
    {
        this.parts = parts.Count > 0 ? [.. parts] : throw new ArgumentException("A product needs at least one space.", nameof(parts));
        Size = this.parts.Sum(p => p.Size);
    }

    /// <summary>The spaces.</summary>
    public IReadOnlyList<Space> Parts => parts;

    /// <inheritdoc/>
    public override int Size { get; }

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<double> element)
    {
        if (element.Length != Size)
        {
            return false;
        }

        foreach (Space part in parts)
        {
            if (!part.Contains(element[..part.Size]))
            {
                return false;
            }

            element = element[part.Size..];
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Sample(RandomStream random, Span<double> element)
    {
        foreach (Space part in parts)
        {
            part.Sample(random, element[..part.Size]);
            element = element[part.Size..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", parts.AsEnumerable());
}
