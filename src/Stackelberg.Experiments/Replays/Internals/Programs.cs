namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Finds programs on the PATH.</summary>
internal static class Programs
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>A Chromium, or null.</summary>
    public static string? Chromium => Browsers.Select(Find).FirstOrDefault(p => p is not null);

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
