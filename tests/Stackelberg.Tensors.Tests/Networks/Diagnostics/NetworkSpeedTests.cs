using Stackelberg.Tensors.Networks.Diagnostics;

namespace Stackelberg.Tensors.Tests.Networks.Diagnostics;

public sealed class NetworkSpeedTests
{
    [Fact]
    public void HessianProduct_counts_the_operations_of_the_mathematics() =>
        ShouldCount(NetworkSpeed.HessianProduct(10, 16, milliseconds: 1), 2 * 10 * ((2 * 11 * 16) + (6 * 16 * 16) + (4 * 16)));

    [Fact]
    public void SquaredLossGradient_counts_the_operations_of_the_mathematics() =>
        ShouldCount(NetworkSpeed.SquaredLossGradient(10, 16, milliseconds: 1), 2 * 10 * ((2 * 11 * 16) + (3 * 16 * 16) + (3 * 16)));

    [Fact]
    public void ActStep_counts_the_operations_of_the_mathematics() =>
        ShouldCount(NetworkSpeed.ActStep(16, milliseconds: 1), 2 * ((11 * 16) + (16 * 16) + (3 * 16)));

    private static void ShouldCount(SpeedMeasurement measurement, double operations)
    {
        measurement.Name.ShouldContain("16x16");
        measurement.Microseconds.ShouldBePositive();
        (measurement.GigaflopsPerSecond * measurement.Microseconds * 1e3).ShouldBe(operations, 1e-6 * operations);
    }
}
