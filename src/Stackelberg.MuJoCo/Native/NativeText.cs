using System.Runtime.InteropServices;
using System.Text;

namespace Stackelberg.MuJoCo.Native;

/// <summary>Text to and from the engine: UTF-8, ended by a zero byte.</summary>
internal static unsafe class NativeText
{
    /// <summary>The text at <paramref name="text"/>; empty for null.</summary>
    internal static string Read(byte* text) =>
        text is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    /// <summary><paramref name="text"/> with its final zero.</summary>
    /// <exception cref="ArgumentException">The text contains a zero character, which would cut it short.</exception>
    internal static byte[] Write(string text) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A name or path given to MuJoCo contains a zero character.", nameof(text))
            : [.. Encoding.UTF8.GetBytes(text), 0];
}
