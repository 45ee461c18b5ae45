using System.Runtime.InteropServices;

namespace Stackelberg.MuJoCo.Native;

/// <summary>A library that answered: which it is and where its fields lie.</summary>
internal sealed record LoadedLibrary(string Location, string Version, nint Handle, MujocoLayout Layout);

/// <summary>Finds the library, reads its version, installs the callbacks.</summary>
internal static unsafe class LibraryLoader
{
    private const string WayOut =
        "On Debian or Ubuntu run 'apt-get install libmujoco2.2.2'; elsewhere unpack MuJoCo's official release 2.2.2 and set MUJOCO_LIBRARY to its library file.";

    /// <summary>Names handed to the system's loader, in this order.</summary>
    internal static string[] Candidates { get; } =
        OperatingSystem.IsWindows() ? ["mujoco.dll"]
        : OperatingSystem.IsMacOS() ? ["libmujoco.2.2.2.dylib", "libmujoco.dylib"]
        : ["libmujoco.so.2.2.2", "libmujoco.so"];

    /// <summary>Loads the library and prepares it for use, except for the probe.</summary>
    /// <param name="requested">The file to use, or null or empty to search.</param>
    /// <exception cref="MujocoException">It is not there, is not MuJoCo, or is of an unknown version.</exception>
    internal static LoadedLibrary Load(string? requested)
    {
        (nint handle, string location) = Find(requested);
        if (!NativeLibrary.TryGetExport(handle, "mj_version", out nint number) || !NativeLibrary.TryGetExport(handle, "mj_versionString", out nint text))
        {
            throw new MujocoException($"'{location}' is not a MuJoCo library: it has no function mj_version. {WayOut}");
        }

        int version = ((delegate* unmanaged[Cdecl]<int>)number)();
        string versionText = NativeText.Read(((delegate* unmanaged[Cdecl]<byte*>)text)());
        MujocoLayout layout = SelectLayout(version, versionText, location);
        NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, (name, _, _) => name == NativeMethods.Library ? handle : 0);
        EngineCallbacks.Install(handle);
        return new LoadedLibrary(location, versionText, handle, layout);
    }

    /// <summary>The layout of exactly this version.</summary>
    /// <exception cref="MujocoException">The version is unknown.</exception>
    internal static MujocoLayout SelectLayout(int version, string versionText, string location)
    {
        foreach (MujocoLayout layout in MujocoLayout.Known)
        {
            if (layout.Version == version)
            {
                return layout;
            }
        }

        string known = string.Join(", ", MujocoLayout.Known.Select(l => l.Version));
        throw new MujocoException(
            $"'{location}' is MuJoCo {versionText} (number {version}), whose struct layout this program does not know (known numbers: {known}). {WayOut} " +
            "How to add a version: src/Stackelberg.MuJoCo/Native/Layouts/README.md.");
    }

    private static (nint Handle, string Location) Find(string? requested)
    {
        string[] names = string.IsNullOrEmpty(requested) ? Candidates : [requested];
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return (handle, name);
            }
        }

        string origin = string.IsNullOrEmpty(requested) ? "" : $", as {MujocoLibrary.OverrideVariable} says";
        string cause = File.Exists(requested) ? "is there but cannot be loaded: it is no library for this system, or misses one it depends on" : "was not found";
        throw new MujocoException($"MuJoCo's native library {cause} (tried: {string.Join(", ", names)}{origin}). {WayOut}");
    }
}
