namespace Stackelberg.Environments;

/// <summary>An environment whose episodes can start from a given state instead of a sampled one.</summary>
/// <remarks>
/// For replaying recordings and comparing simulators; learning starts from <see cref="IEnvironment.Reset"/>. The dynamics implement it,
/// wrappers do not: reset the whole stack first, so that wrappers begin an episode too, then the dynamics to the state.
/// </remarks>
public interface IInitialState
{
    /// <summary>The named lists of numbers a state consists of, in the order <see cref="ResetTo"/> takes them one after the other.</summary>
    IReadOnlyList<StatePart> InitialStateParts { get; }

    /// <summary>Starts an episode.</summary>
    /// <param name="state">The numbers of all parts in order; finite.</param>
    /// <param name="observation">Receives the first observation.</param>
    /// <exception cref="ArgumentException">The length is wrong, or a number is not finite or not possible there.</exception>
    void ResetTo(ReadOnlySpan<double> state, Span<double> observation);
}

/// <summary>A named list of numbers within a state.</summary>
/// <param name="Name">Such as <c>qpos</c>.</param>
/// <param name="Length">How many numbers, at least 1.</param>
public sealed record StatePart(string Name, int Length)
{
    /// <summary>Another name the part goes by, such as <c>observation</c> where that is the whole state; null for none.</summary>
    public string? Synonym { get; init; }
}

/// <summary>An environment that shows its physical state in full precision, beside what it lets an agent observe.</summary>
public interface IStateColumns
{
    /// <summary>One name per number, such as <c>qpos0</c>; unique, without comma.</summary>
    IReadOnlyList<string> StateColumns { get; }

    /// <summary>Writes the numbers of the present state.</summary>
    /// <param name="values">Length <c>StateColumns.Count</c>.</param>
    void WriteState(Span<double> values);
}

/// <summary>An environment that can go on after an episode has terminated. For replaying recordings that do; learning has no use for it.</summary>
public interface IContinueAfterTermination
{
    /// <summary>Lets the episode that the last step terminated go on from where it is; the flag may come again in any later step.</summary>
    /// <exception cref="EnvironmentException">The last step did not terminate an episode.</exception>
    void ContinueAfterTermination();
}
