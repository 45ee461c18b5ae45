using System.Text.Json;

namespace Stackelberg.Statistics.Tests.Support;

/// <summary>The values in <c>Data/oracles.json</c>, which <c>Data/oracles.py</c> made with SciPy and NumPy.</summary>
internal static class Oracles
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "oracles.json"))).RootElement;

    /// <summary>The cases of a name.</summary>
    public static IEnumerable<JsonElement> Of(string name) => Root.GetProperty(name).EnumerateArray();

    public static double Number(this JsonElement row, string name) => row.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement row, string name) => row.GetProperty(name).Deserialize<double[]>()!;

    /// <summary>Compares by relative error where the value is large, by absolute error where it is small.</summary>
    public static void ShouldAgree(this double actual, double expected, double tolerance = 1e-12, string? about = null) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(expected)), $"{actual:r} for {expected:r} {about}");

    /// <summary>Compares by relative error.</summary>
    public static void ShouldAgreeRelatively(this double actual, double expected, double tolerance, string? about = null) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(tolerance * Math.Abs(expected), $"{actual:r} for {expected:r} {about}");
}
