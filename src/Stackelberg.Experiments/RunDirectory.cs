using System.Globalization;

namespace Stackelberg.Experiments;

/// <summary>Where runs lie: <c>&lt;out&gt;/&lt;env&gt;/&lt;algo&gt;/seed-&lt;n&gt;/</c>.</summary>
public static class RunDirectory
{
    /// <summary>The folder of one seed.</summary>
    public static string PathFor(string root, string environment, string algorithm, ulong seed) =>
        Path.Combine(root, environment, algorithm, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>The runs at <paramref name="path"/> or anywhere below it, ordered by folder, seeds by number.</summary>
    /// <exception cref="RunException">There is none.</exception>
    public static IReadOnlyList<RunInfo> Find(string path) =>
        throw new NotSupportedException($"Finding runs below {path} is not written yet.");

    /// <summary>What the folder <paramref name="path"/> says of its run.</summary>
    /// <exception cref="RunException">The folder holds no run, or its manifest cannot be read.</exception>
    public static RunInfo Read(string path) =>
        throw new NotSupportedException($"Reading the run {path} is not written yet.");
}
