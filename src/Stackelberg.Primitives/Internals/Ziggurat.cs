namespace Stackelberg.Primitives.Internals;

/// <summary>
/// Tables of the ziggurat method for the standard normal density (Marsaglia and Tsang 2000): 256 layers of equal area under exp(−x²/2). Layer i
/// reaches from 0 to xᵢ; the lowest one holds the tail beyond <see cref="TailStart"/>.
/// </summary>
internal static class Ziggurat
{
    /// <summary>x₁: with 256 layers the top one ends exactly at the density's peak.</summary>
    public const double TailStart = 3.6541528853610088;

    /// <summary>The area of a layer: x₁ f(x₁) + ∫ f beyond x₁.</summary>
    private const double Area = 0.004928673233974658;

    /// <summary>2⁵²: the magnitude of the integers that are scaled to abscissae.</summary>
    private const double Unit = 1L << 52;

    /// <summary>Width of layer i in units of 2⁻⁵².</summary>
    public static readonly double[] Width = new double[256];

    /// <summary>Integers below this fall under the layer above, hence under the density.</summary>
    public static readonly long[] Inside = new long[256];

    /// <summary>f(xᵢ), the height of the lower edge of layer i; one more for the top.</summary>
    public static readonly double[] Height = new double[257];

    static Ziggurat()
    {
        double x = Area / Density(TailStart);
        double next = TailStart;
        for (int i = 0; i < 256; i++)
        {
            Width[i] = x / Unit;
            Inside[i] = (long)(next / x * Unit);
            Height[i + 1] = i == 255 ? 1.0 : Density(next);
            x = next;
            double above = (Area / x) + Density(x);
            next = above < 1.0 && i < 254 ? Math.Sqrt(-2.0 * Math.Log(above)) : 0.0;
        }
    }

    public static double Density(double x) => Math.Exp(-0.5 * x * x);
}
