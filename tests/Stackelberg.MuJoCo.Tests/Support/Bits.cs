namespace Stackelberg.MuJoCo.Tests.Support;

internal static class Bits
{
    /// <summary>Equal to the last bit; the message names the first difference.</summary>
    internal static void ShouldHaveTheBitsOf(this ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (int i = 0; i < actual.Length; i++)
        {
            BitConverter.DoubleToInt64Bits(actual[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[i]), $"{what}[{i}]: {actual[i]:R} instead of {expected[i]:R}");
        }
    }

    internal static void ShouldHaveTheBitsOf(this double actual, double expected, string what) =>
        ((ReadOnlySpan<double>)[actual]).ShouldHaveTheBitsOf([expected], what);

    internal static void ShouldHaveTheBitsOf(this Span<double> actual, ReadOnlySpan<double> expected, string what) =>
        ((ReadOnlySpan<double>)actual).ShouldHaveTheBitsOf(expected, what);

    internal static void ShouldHaveTheBitsOf(this double[] actual, ReadOnlySpan<double> expected, string what) =>
        ((ReadOnlySpan<double>)actual).ShouldHaveTheBitsOf(expected, what);
}
