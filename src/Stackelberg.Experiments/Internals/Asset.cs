namespace Stackelberg.Experiments.Internals;

/// <summary>Texts embedded in this assembly.</summary>
internal static class Asset
{
    /// <summary>One of them, such as <c>Replays/page.html</c>.</summary>
    public static string Read(string name)
    {
        using Stream stream = typeof(Asset).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
