using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Tensors;

/// <summary>Which vector registers the kernels of this process use.</summary>
/// <remarks>
/// The widest the processor accelerates, unless the environment variable <see cref="Variable"/> asks for another. Results differ between widths
/// in the last bits only, because sums are formed in another order.
/// </remarks>
public static class SimdSupport
{
    /// <summary>The environment variable that forces a width: <c>512</c>, <c>256</c>, <c>128</c> or <c>scalar</c>.</summary>
    public const string Variable = "STACKELBERG_SIMD";

    // read once, so that the compiler drops the code of other widths; a wrong value surfaces here as a TypeInitializationException
    // around the error of Resolve, which is why programs call Validate first
    private static readonly int WidthInForce = Resolve(Environment.GetEnvironmentVariable(Variable), Hardware);

    /// <summary>Bits per vector in force: 512, 256, 128, or 0 for the scalar form.</summary>
    public static int Width => WidthInForce;

    /// <summary>The widest vector this processor accelerates, in bits; 0 if none.</summary>
    public static int Hardware =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 0;

    /// <summary>The width in force as text, for manifests and reports: <c>512</c>, <c>256</c>, <c>128</c> or <c>scalar</c>.</summary>
    public static string Name => NameOf(Width);

    /// <summary>What <see cref="Variable"/> may say on this processor.</summary>
    public static string Allowed => AllowedFor(Hardware);

    /// <summary>Whether <see cref="Variable"/> is unset or says something allowed; to be asked first thing by a program.</summary>
    public static bool IsValid
    {
        get
        {
            string? requested = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(requested) || (Parse(requested) is int width && width <= Hardware);
        }
    }

    /// <summary>Whether there are 32 vector registers (AVX-512, Arm64) and not 16, which decides the size of register blocks.</summary>
    internal static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Checks <see cref="Variable"/>; to be called first thing by a program, so that a wrong value gives a plain error.</summary>
    /// <exception cref="InvalidOperationException">The variable is set to something this processor or this library does not have.</exception>
    public static void Validate() => Resolve(Environment.GetEnvironmentVariable(Variable), Hardware);

    /// <summary>The width that a value of the variable asks for on a processor.</summary>
    internal static int Resolve(string? requested, int hardware)
    {
        if (string.IsNullOrEmpty(requested))
        {
            return hardware;
        }

        if (Parse(requested) is not int width)
        {
            throw Refusal(requested, "which is no vector width", hardware);
        }

        return width <= hardware
            ? width
            : throw Refusal(requested, $"but this processor accelerates no more than {NameOf(hardware)}", hardware);
    }

    private static InvalidOperationException Refusal(string requested, string reason, int hardware) =>
        new($"{Variable} is '{requested}', {reason}. Allowed here: {AllowedFor(hardware)}. Unset it to use the widest.");

    private static int? Parse(string requested) => requested switch
    {
        "512" => 512,
        "256" => 256,
        "128" => 128,
        "scalar" => 0,
        _ => null,
    };

    private static string AllowedFor(int hardware)
    {
        int[] widths = [512, 256, 128, 0];
        return string.Join(", ", widths.Where(width => width <= hardware).Select(NameOf));
    }

    private static string NameOf(int width) => width == 0 ? "scalar" : width.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
