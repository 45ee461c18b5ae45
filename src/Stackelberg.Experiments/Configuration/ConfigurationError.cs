namespace Stackelberg.Experiments.Configuration;

/// <summary>One fault in a configuration.</summary>
/// <param name="Origin">Where the value came from.</param>
/// <param name="Key">The key as given; empty when the fault is not about one key.</param>
/// <param name="Problem">What is wrong, quoting what was given.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Next">What to do; the nearest valid name where there is one.</param>
public sealed record ConfigurationError(SettingOrigin Origin, string Key, string Problem, string Allowed, string Next)
{
    /// <summary>Three lines: what, allowed, next step.</summary>
    public override string ToString() => $"{Origin}: {Problem}\n  allowed: {Allowed}\n  next: {Next}";
}

/// <summary>All faults of a configuration, found in one pass.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join('\n', errors))
{
    /// <summary>At least one.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
