namespace Stackelberg.Primitives;

/// <summary>
/// Describes one configurable property of an options record, of an algorithm or an environment: what it is, its range. The key is the property's name in snake_case; nested
/// records are groups (<c>critic.learning_rate</c>); enumeration values are written in kebab-case.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string description) : Attribute
{
    /// <summary>One line for <c>algo show</c> and <c>env show</c>.</summary>
    public string Description { get; } = description;

    /// <summary>Smallest allowed number.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest allowed number.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Minimum"/> itself is excluded.</summary>
    public bool ExclusiveMinimum { get; init; }

    /// <summary>Whether <see cref="Maximum"/> itself is excluded.</summary>
    public bool ExclusiveMaximum { get; init; }

    /// <summary>Whether infinity is allowed too; where it is the default it is without this.</summary>
    public bool AllowsInfinity { get; init; }

    /// <summary>Allowed texts of a string property, such as solver names; empty for any.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>
    /// A class that gives the allowed texts of a string property by the session's catalogues (<c>IOptionChoices</c>), such as <c>SolverNames</c>; null where
    /// <see cref="Choices"/> lists them.
    /// </summary>
    public Type? ChoicesFrom { get; init; }
}

/// <summary>Marks a nested options record whose options have keys without its name: <c>leader</c>, not <c>leading.leader</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InlineOptionsAttribute : Attribute;
