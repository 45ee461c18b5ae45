using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.MuJoCo.Native;

/// <summary>
/// What the engine calls back: fatal errors, warnings and memory allocation.
/// </summary>
/// <remarks>
/// Without these the engine writes MUJOCO_LOG.TXT into the working directory, and after a fatal error waits for a key on standard input and exits.
/// </remarks>
internal static unsafe class EngineCallbacks
{
    [ThreadStatic]
    private static string? lastWarning;

    [ThreadStatic]
    private static List<(nint Address, nint Bytes)>? recording;

    /// <summary>Writes the callbacks' addresses into the engine's exported variables.</summary>
    internal static void Install(nint library)
    {
        Set(library, "mju_user_error", (nint)(delegate* unmanaged[Cdecl]<byte*, void>)&OnError);
        Set(library, "mju_user_warning", (nint)(delegate* unmanaged[Cdecl]<byte*, void>)&OnWarning);
        Set(library, "mju_user_malloc", (nint)(delegate* unmanaged[Cdecl]<nuint, void*>)&OnAllocate);
    }

    /// <summary>The last warning on this thread, which is then forgotten; null for none.</summary>
    internal static string? TakeWarning()
    {
        string? warning = lastWarning;
        lastWarning = null;
        return warning;
    }

    /// <summary>Runs <paramref name="action"/> and returns every block of memory the engine asked for on this thread meanwhile.</summary>
    internal static List<(nint Address, nint Bytes)> RecordAllocations(Action action)
    {
        List<(nint Address, nint Bytes)> blocks = [];
        recording = blocks;
        try
        {
            action();
        }
        finally
        {
            recording = null;
        }

        return blocks;
    }

    private static void Set(nint library, string variable, nint function) => *(nint*)NativeLibrary.GetExport(library, variable) = function;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(byte* message)
    {
        string text;
        try
        {
            text = NativeText.Read(message);
        }
        catch (Exception)
        {
            // Nothing may be thrown from here, and the thread has to be parked whether or not its message can be read.
            text = "(unreadable message)";
        }

        PhysicsThread.Park(text);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnWarning(byte* message)
    {
        try
        {
            lastWarning = NativeText.Read(message);
        }
        catch (Exception)
        {
            lastWarning = "(unreadable warning)";
        }
    }

    // Same allocator, alignment and free as the engine's own; it stands here to tell the layout probe where the engine's blocks begin and end.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* OnAllocate(nuint bytes)
    {
        try
        {
            void* block = NativeMemory.AlignedAlloc(bytes, 64);
            recording?.Add(((nint)block, (nint)bytes));
            return block;
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }
}
