namespace Stackelberg.Experiments.Benchmarks;

/// <summary>One thing to be timed, here and by a peer.</summary>
/// <param name="Name">Such as <c>gemm 100×64×64 forward</c>.</param>
/// <param name="Script">The peer's script in the folder of peers.</param>
/// <param name="Arguments">What the script is given.</param>
/// <param name="Field">Where the script's JSON line has the time in microseconds; for products, <c>rows/index/field</c>.</param>
/// <param name="Flops">Useful operations per call; 0 when not counted.</param>
/// <param name="Measure">Times ours: seconds per call.</param>
public sealed record BenchmarkCase(string Name, string Script, string Arguments, string Field, double Flops, Func<double> Measure);

/// <summary>A case with its times.</summary>
/// <param name="Name">As in the case.</param>
/// <param name="OursMicroseconds">Ours per call, least over the rounds.</param>
/// <param name="PeerMicroseconds">The peer's, likewise; NaN without one.</param>
/// <param name="Flops">Useful operations per call; 0 when not counted.</param>
public sealed record BenchmarkResult(string Name, double OursMicroseconds, double PeerMicroseconds, double Flops)
{
    /// <summary>How many times faster ours is; NaN without a peer.</summary>
    public double Ratio => PeerMicroseconds / OursMicroseconds;

    /// <summary>Useful operations per second in 10⁹; NaN when not counted.</summary>
    public double Gflops => Flops > 0 ? Flops / OursMicroseconds * 1e-3 : double.NaN;
}
