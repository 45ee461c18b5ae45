namespace Stackelberg.Environments;

/// <summary>A number of twice double's precision, the unevaluated sum of two (Dekker 1971).</summary>
/// <param name="High">The number rounded to double.</param>
/// <param name="Low">What that leaves.</param>
internal readonly record struct DoubleDouble(double High, double Low)
{
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        (double sum, double error) = Sum(a.High, b.High);
        (double low, double lowError) = Sum(a.Low, b.Low);
        DoubleDouble first = Ordered(sum, error + low);
        return Ordered(first.High, first.Low + lowError);
    }

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + new DoubleDouble(-b.High, -b.Low);

    public static DoubleDouble operator *(double a, DoubleDouble b)
    {
        double product = a * b.High;
        return Ordered(product, Math.FusedMultiplyAdd(a, b.High, -product) + (a * b.Low));
    }

    public static bool operator >(DoubleDouble a, DoubleDouble b) => a.High > b.High || (a.High == b.High && a.Low > b.Low);

    public static bool operator <(DoubleDouble a, DoubleDouble b) => b > a;

    private static (double Value, double Error) Sum(double a, double b)
    {
        double sum = a + b, part = sum - a;
        return (sum, a - (sum - part) + (b - part));
    }

    private static DoubleDouble Ordered(double large, double small)
    {
        double sum = large + small;
        return new(sum, small - (sum - large));
    }
}
