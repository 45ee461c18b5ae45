using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Stackelberg.MuJoCo.Native;

/// <summary>The engine's functions this program calls; blittable, so that a call costs a few nanoseconds and allocates nothing.</summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>The name <see cref="MujocoLibrary"/> resolves.</summary>
    internal const string Library = "mujoco";

    [LibraryImport(Library)]
    internal static partial void* mj_loadXML(byte* fileName, void* virtualFileSystem, byte* error, int errorLength);

    [LibraryImport(Library)]
    internal static partial void mj_deleteModel(void* model);

    [LibraryImport(Library)]
    internal static partial int mj_name2id(void* model, int type, byte* name);

    [LibraryImport(Library)]
    internal static partial void* mj_makeData(void* model);

    [LibraryImport(Library)]
    internal static partial void mj_deleteData(void* data);

    [LibraryImport(Library)]
    internal static partial void mj_resetData(void* model, void* data);

    [LibraryImport(Library)]
    internal static partial void mj_forward(void* model, void* data);

    [LibraryImport(Library)]
    internal static partial void mj_step(void* model, void* data);

    [LibraryImport(Library)]
    internal static partial void mj_rnePostConstraint(void* model, void* data);

    [LibraryImport(Library)]
    internal static partial void mj_rne(void* model, void* data, int withAcceleration, double* result);
}
