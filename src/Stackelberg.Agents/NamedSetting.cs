namespace Stackelberg.Agents;

/// <summary>A setting by its name in a configuration.</summary>
/// <param name="Value">
/// A number, a truth value, a text, an enumeration's value, an array of numbers, or a list of further settings: a group of its own.
/// </param>
public sealed record NamedSetting(string Name, object Value);
