using System.CommandLine;
using System.CommandLine.Parsing;
using Stackelberg.Agents;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Internals;

/// <summary>
/// Reads the values of all verbs' flags one way: numbers as settings are read (<see cref="NumberText"/>), no text empty where something has to be named. It walks over the whole
/// command, so that no verb can forget it, and refuses to start with a kind of value it cannot read.
/// </summary>
internal sealed class StrictValues
{
    private readonly List<UserErrorException> faults = [];

    /// <summary>What was given wrongly, in the order of reading; filled by parsing.</summary>
    public IReadOnlyList<UserErrorException> Faults => faults;

    /// <summary>Takes the reading of all flags and arguments below a command over.</summary>
    public static StrictValues Over(Command root)
    {
        StrictValues values = new();
        values.Apply(root, "stackelberg");
        return values;
    }

    private void Apply(Command command, string path)
    {
        foreach (Option option in command.Options)
        {
            Apply(option, command.Options.Any(o => o.Name == "--set"), $"'{path} --help' explains {option.Name}");
        }

        foreach (Argument argument in command.Arguments)
        {
            string next = $"'{path} --help' explains it";
            argument.Validators.Add(result => RefuseEmpty(result, $"'{argument.Name}'", result.Tokens, next));
            if (argument.ValueType != typeof(string) && argument.ValueType != typeof(string[]))
            {
                throw new NotSupportedException($"{path}: arguments are texts, and {argument.Name} is not.");
            }
        }

        foreach (Command verb in command.Subcommands)
        {
            Apply(verb, $"{path} {verb.Name}");
        }
    }

    private void Apply(Option option, bool isOfSettings, string next)
    {
        switch (option)
        {
            case Option<int> o:
                o.CustomParser = result => (int)Whole(result, o, int.MinValue, int.MaxValue, next);
                break;
            case Option<int?> o:
                o.CustomParser = result => (int)Whole(result, o, int.MinValue, int.MaxValue, next);
                break;
            case Option<ulong> o:
                o.CustomParser = result => (ulong)Whole(result, o, 0, ulong.MaxValue, next);
                break;
            case Option<double?> o:
                o.CustomParser = result => Real(result, o, next);
                break;
            case Option<PolicyMode> o:
                o.CustomParser = result => Name<PolicyMode>(result, o, next);
                break;
            case Option<string> or Option<string[]>:
                // settings of a run have rules of their own, where they are settings: an empty preset is none
                if (!isOfSettings || !ConfigurationResolver.RunKeys.Contains(option.Name.TrimStart('-').Replace('-', '_')))
                {
                    option.Validators.Add(result => RefuseEmpty(result, option.Name, result.Tokens, next));
                }

                break;
            case Option<bool>:
                option.Validators.Add(result => RefuseUnlessTruth(result, option.Name, next));
                break;
            default:
                if (option.Action is null)
                {
                    throw new NotSupportedException($"Nothing says how {option.Name} reads its {option.ValueType.Name}.");
                }

                break;
        }
    }

    private Int128 Whole(ArgumentResult result, Option option, Int128 least, Int128 most, string next)
    {
        string text = result.Tokens[0].Value;
        if (NumberText.TryInteger(text, out Int128 value) && value >= least && value <= most)
        {
            return value;
        }

        Refuse(result, $"{option.Name} cannot be '{Quoted.Short(text)}'", $"an integer{(least == 0 ? " ≥ 0" : "")} up to {most}, such as 100 or 1e3", next);
        return 0;
    }

    private double Real(ArgumentResult result, Option option, string next)
    {
        string text = result.Tokens[0].Value, withPoint = text.Replace(',', '.');
        if (NumberText.TryReal(text, out double value))
        {
            return value;
        }

        Refuse(
            result, $"{option.Name} cannot be '{Quoted.Short(text)}'", "a number with a decimal point, such as 0.5 or 1e-3",
            NumberText.TryReal(withPoint, out _) ? $"write {option.Name} {withPoint}" : next);
        return double.NaN;
    }

    private T Name<T>(ArgumentResult result, Option option, string next)
        where T : struct, Enum
    {
        string text = result.Tokens[0].Value;
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        int at = Array.IndexOf(names, text);
        if (at >= 0)
        {
            return Enum.GetValues<T>()[at];
        }

        string? nearest = Suggestions.Nearest(text, names);
        Refuse(result, $"{option.Name} cannot be '{Quoted.Short(text)}'", $"one of {string.Join(", ", names)}", nearest is null ? next : $"did you mean '{nearest}'?");
        return default;
    }

    private void RefuseUnlessTruth(SymbolResult result, string name, string next)
    {
        if (result.Tokens.Count > 0 && result.Tokens[0].Value is not ("true" or "false"))
        {
            Refuse(result, $"{name} cannot be '{Quoted.Short(result.Tokens[0].Value)}'", "the flag alone, or true or false", next);
        }
    }

    private void RefuseEmpty(SymbolResult result, string name, IReadOnlyList<Token> tokens, string next)
    {
        if (tokens.Any(t => t.Value.Length == 0))
        {
            Refuse(result, $"{name} is empty", "a text that is not empty", next);
        }
    }

    // the parser has to know, too, that nothing may be carried out
    private void Refuse(SymbolResult result, string problem, string allowed, string next)
    {
        faults.Add(new UserErrorException(problem, allowed, next));
        result.AddError(problem);
    }
}
