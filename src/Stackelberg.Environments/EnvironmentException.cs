using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>
/// An environment broke its contract, was used against it, or its dynamics broke down; the message names environment, step and value.
/// </summary>
public class EnvironmentException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether it was seen to come out of a call into an environment: other code can throw one as well, a learner's for instance.</summary>
    public bool IsOfEnvironment
    {
        get => field || (InnerException as EnvironmentException)?.IsOfEnvironment == true;
        internal set;
    }

    /// <summary>For a step before the first reset or after the end of an episode.</summary>
    public static EnvironmentException NoEpisodeRunning(string id) =>
        new($"{id}: Step was called while no episode was running (before the first Reset, or after an episode ended). Call Reset first.");

    /// <summary>For an action that is not in the action space: quotes it and says what is allowed.</summary>
    public static EnvironmentException InvalidAction(string id, Space space, ReadOnlySpan<double> action)
    {
        string given = action.Length == space.Size
            ? $"[{string.Join(", ", action.ToArray().Select(a => a.ToString("R", CultureInfo.InvariantCulture)))}]"
            : $"{action.Length} number(s)";
        return new($"{id}: the action {given} is not in {space}, which has {space.Size} finite number(s) per action. Check what the policy returned.");
    }

    /// <summary>For a buffer that cannot hold an observation.</summary>
    public static EnvironmentException WrongObservationLength(string id, Space space, int length) =>
        new($"{id}: the observation buffer has {length} number(s); {space} needs exactly {space.Size}. Allocate ObservationSpace.Size numbers.");

    /// <summary>For a number that is NaN, infinite, or beyond <see cref="SinglePrecision"/>.</summary>
    /// <param name="what">Which number, with its index, as in "observation entry 3".</param>
    /// <param name="step">Steps taken in the episode; 0 is the reset.</param>
    public static EnvironmentException NotFinite(string id, string what, double value, long step) =>
        OutOfRange(id, what, value, step == 0 ? "after Reset" : $"at step {step} of the episode");

    /// <summary>For whatever else came out of a call into an environment.</summary>
    /// <param name="call">As in "Step" or "its constructor".</param>
    /// <param name="fault">What the environment threw.</param>
    public static EnvironmentException Failed(string id, string call, Exception fault) =>
        new($"{id} failed in {call}: {ExceptionText.Of(fault)}", fault) { IsOfEnvironment = true };

    /// <inheritdoc cref="NotFinite"/>
    /// <param name="where">As in "at step 3 of the episode".</param>
    internal static EnvironmentException OutOfRange(string id, string what, double value, string where) => new(
        $"{id}: {what} is {value.ToString(CultureInfo.InvariantCulture)} {where}; it must be " + (double.IsFinite(value)
            ? $"at most {SinglePrecision.Largest.ToString(CultureInfo.InvariantCulture)} in size, the largest number in single precision. Scale it down in the environment."
            : "finite. The dynamics diverged or an action was too large: clip or rescale actions, or shorten the time step.")) { IsOfEnvironment = true };
}
