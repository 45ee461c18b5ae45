using System.Text;

namespace Stackelberg.MuJoCo.Native;

/// <summary>Turns MJCF into a native model.</summary>
internal static unsafe class MjcfCompiler
{
    private const int ErrorBytes = 1024;

    /// <summary>Compiles text. It passes through a temporary file, because the engine's in-memory file system is a struct that differs between versions.</summary>
    /// <exception cref="MujocoException">The engine rejects the model.</exception>
    internal static void* Compile(string mjcf)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("stackelberg-mjcf-");
        try
        {
            string path = Path.Combine(folder.FullName, "model.xml");
            File.WriteAllText(path, mjcf, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return CompileFile(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Compiles a file.</summary>
    /// <exception cref="MujocoException">The engine rejects the model or cannot read it.</exception>
    internal static void* CompileFile(string path)
    {
        byte* error = stackalloc byte[ErrorBytes];
        error[0] = 0;
        fixed (byte* name = NativeText.Write(path))
        {
            void* model = NativeMethods.mj_loadXML(name, null, error, ErrorBytes);
            return model is not null
                ? model
                : throw new MujocoException($"MuJoCo rejects the model: {NativeText.Read(error).ReplaceLineEndings(" ").Trim()}");
        }
    }
}
