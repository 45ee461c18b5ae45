using System.Reflection;

namespace Stackelberg.Experiments.Internals;

/// <summary>Texts embedded in an assembly.</summary>
internal static class Asset
{
    /// <summary>One of this assembly, such as <c>Replays/page.html</c>.</summary>
    public static string Read(string name) => Read(name, typeof(Asset).Assembly);

    /// <summary>One of another assembly.</summary>
    public static string Read(string name, Assembly assembly)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
