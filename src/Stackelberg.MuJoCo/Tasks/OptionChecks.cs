using System.Runtime.CompilerServices;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Refuses constants that make no task.</summary>
internal static class OptionChecks
{
    internal static double Finite(double value, [CallerMemberName] string option = "") =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(option, value, $"{option} must be a finite number.");

    internal static double NotNegative(double value, [CallerMemberName] string option = "") =>
        value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(option, value, $"{option} must be a finite number, zero or more.");

    internal static (double Low, double High) Interval((double Low, double High) value, [CallerMemberName] string option = "") =>
        value.Low <= value.High
            ? value
            : throw new ArgumentOutOfRangeException(
                option, value, $"{option} must be an interval: a lower end no greater than the upper one; either may be infinite.");
}
