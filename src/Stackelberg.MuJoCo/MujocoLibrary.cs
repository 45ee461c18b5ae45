using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo;

/// <summary>
/// The native MuJoCo library: found, checked and prepared once per process, at first use.
/// </summary>
/// <remarks>
/// Searched are the file named by the variable <c>MUJOCO_LIBRARY</c> if it is set, and otherwise the names the system's loader knows. The version
/// must be one whose struct layout this program carries; a probe then compiles a small model and checks every offset. What failed once is remembered
/// and reported again. Everything that is not physics works without the library.
/// </remarks>
public static class MujocoLibrary
{
    /// <summary>Environment variable that names the library file to use, and nothing else.</summary>
    public const string OverrideVariable = "MUJOCO_LIBRARY";

    private static readonly Lazy<(LoadedLibrary? Library, string Reason)> Outcome = new(Load);

    /// <summary>The engine's version, such as <c>2.2.2</c>.</summary>
    /// <exception cref="MujocoException">The library cannot be used; the message says why and what to do.</exception>
    public static string Version => Require().Version;

    /// <summary>The file or library name that was loaded.</summary>
    /// <exception cref="MujocoException">The library cannot be used; the message says why and what to do.</exception>
    public static string Location => Require().Location;

    /// <summary>Whether physics can be used.</summary>
    /// <param name="reason">Why not, with the way out, as one line; empty when it can.</param>
    public static bool TryLoad(out string reason)
    {
        reason = Outcome.Value.Reason;
        return Outcome.Value.Library is not null;
    }

    /// <summary>The library, ready for use.</summary>
    /// <exception cref="MujocoException">The library cannot be used; the message says why and what to do.</exception>
    internal static LoadedLibrary Require() => Outcome.Value.Library ?? throw new MujocoException(Outcome.Value.Reason);

    private static (LoadedLibrary? Library, string Reason) Load()
    {
        try
        {
            // On a thread of its own: were the probe to meet a fatal error, this thread must live on to report it and to release the lock it holds.
            Task<LoadedLibrary> loading = PhysicsThread.Start(() =>
            {
                LoadedLibrary library = LibraryLoader.Load(Environment.GetEnvironmentVariable(OverrideVariable));
                LayoutProbe.Verify(library.Layout);
                return library;
            });
            return (loading.GetAwaiter().GetResult(), "");
        }
        catch (MujocoException exception)
        {
            return (null, exception.Message);
        }
    }
}
