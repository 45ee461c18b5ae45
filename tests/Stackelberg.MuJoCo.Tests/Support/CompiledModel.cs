using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>Reads any field of a compiled model, through offsets of its own.</summary>
internal static unsafe class CompiledModel
{
    internal static int Size(MjModel model, string name) => *(int*)(model.Pointer + CompiledModelFields.Sizes[name]);

    internal static double[] Scalar(MjModel model, string name)
    {
        (int offset, string type) = CompiledModelFields.Scalars[name];
        return Read(model.Pointer + offset, type, name == "gravity" ? 3 : 1);
    }

    internal static double[] Array(MjModel model, string name)
    {
        (int offset, string type, string rows, int columns) = CompiledModelFields.Arrays[name];
        return Read(*(byte**)(model.Pointer + offset), type, Size(model, rows) * columns);
    }

    private static double[] Read(byte* start, string type, int length)
    {
        double[] values = new double[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = type switch
            {
                "mjtNum" => ((double*)start)[i],
                "int" => ((int*)start)[i],
                "mjtByte" => start[i],
                _ => throw new ArgumentException($"A field of type {type} cannot be read."),
            };
        }

        return values;
    }
}
