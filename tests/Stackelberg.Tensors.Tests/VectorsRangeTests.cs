namespace Stackelberg.Tensors.Tests;

/// <summary>Norms and cosines of vectors whose squares double precision cannot hold.</summary>
public sealed class VectorsRangeTests
{
    [Theory]
    [InlineData(-1060)]
    [InlineData(-900)]
    [InlineData(-600)]
    [InlineData(-470)]
    [InlineData(0)]
    [InlineData(470)]
    [InlineData(600)]
    [InlineData(1015)]
    public void Norm_and_cosine_scale_with_the_vector(int exponent)
    {
        // few digits, so that powers of two take none away
        double[] x = [3, -4, 12, 0, 84], y = [1, 2, -2, 4, 10];
        double[] scaled = Array.ConvertAll(x, v => Math.ScaleB(v, exponent));
        Vectors.Norm<double>(scaled).ShouldBe(Math.ScaleB(85, exponent), Math.ScaleB(1, Math.Max(exponent - 40, -1074)));
        double cosine = (3 - 8 - 24 + 840) / (85 * Math.Sqrt(125));
        Vectors.Cosine<double>(scaled, y).ShouldBe(cosine, 1e-14);
        Vectors.Cosine<double>(y, scaled).ShouldBe(cosine, 1e-14);
        Vectors.Cosine<double>(scaled, Array.ConvertAll(y, v => Math.ScaleB(v, exponent))).ShouldBe(cosine, 1e-14);
    }

    [Fact]
    public void Parts_of_every_size_count_only_where_they_are_seen()
    {
        Vectors.Norm<double>([1e-200, 1e200, 1]).ShouldBe(1e200, 1e185);
        Vectors.Norm<double>([3e-200, 4e-200]).ShouldBe(5e-200, 1e-214);
        Vectors.Norm<double>([double.Epsilon]).ShouldBe(double.Epsilon);
        Vectors.Norm<double>([double.MaxValue]).ShouldBe(double.MaxValue);
        Vectors.Norm<float>([float.MaxValue, float.Epsilon]).ShouldBe(float.MaxValue, 1e25);
        Vectors.Norm<float>([float.Epsilon]).ShouldBe(float.Epsilon);
    }

    [Fact]
    public void Zero_infinity_and_nan_are_themselves()
    {
        Vectors.Norm<double>([]).ShouldBe(0);
        Vectors.Norm<double>([0, -0.0]).ShouldBe(0);
        Vectors.Norm<double>([1, double.NegativeInfinity]).ShouldBe(double.PositiveInfinity);
        Vectors.Norm<double>([1, double.NaN]).ShouldBe(double.NaN);
        Vectors.Norm<double>([1e-300, double.NaN]).ShouldBe(double.NaN);
        Vectors.Cosine<double>([0, 0], [1, 1]).ShouldBe(double.NaN);
        Vectors.Cosine<double>([1, double.NaN], [1, 1]).ShouldBe(double.NaN);
    }
}
