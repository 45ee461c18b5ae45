using Stackelberg.Tensors.Diagnostics;

namespace Stackelberg.Tensors.Tests.Diagnostics;

public sealed class SpeedTests
{
    [Fact]
    public void Peak_and_products_are_measured_in_plausible_units()
    {
        // any processor of the last 20 years does between 0.1 and 10 000 GFLOP/s on one core, and no product beats the peak by much
        double peak = PeakFlops.Measure(0.02);
        peak.ShouldBeInRange(0.1, 10_000);
        foreach (LayerProduct product in Enum.GetValues<LayerProduct>())
        {
            GemmMeasurement measured = GemmBenchmark.Measure(64, 64, 64, product, 0.005);
            measured.Gflops.ShouldBeInRange(peak / 1000, peak * 3);
            (measured.Rows, measured.Product).ShouldBe((64, product));
        }
    }

    [Fact]
    public void Sizes_and_times_that_make_no_sense_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => PeakFlops.Measure(0));
        Should.Throw<ArgumentOutOfRangeException>(() => GemmBenchmark.Measure(0, 1, 1, LayerProduct.Forward));
        Should.Throw<ArgumentOutOfRangeException>(() => GemmBenchmark.Measure(1, 1, 1, LayerProduct.Forward, -1));
    }
}
