using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Verbs;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Tensors;

namespace Stackelberg.Cli;

internal static partial class Program
{
    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    // What these verbs make lies in files; what they say of it may get lost.
    private static readonly string[] VerbsWithFiles = ["train", "resume", "replay", "export"];

    // Apart from what follows, which needs files that a limit may keep it from opening.
    private static int Main(string[] args) => Limits.Refuse() ? ExitCode.Usage : Run(args);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] args)
    {
        try
        {
            StandardStreams.Guard();
            if (!SimdSupport.IsValid)
            {
                string? value = Environment.GetEnvironmentVariable(SimdSupport.Variable);
                Faults.Write(
                    Console.Error, $"{SimdSupport.Variable} is '{value}'", SimdSupport.Allowed, $"unset {SimdSupport.Variable} to use the widest vectors");
                return ExitCode.Usage;
            }

            RootCommand root = CreateRoot();
            ParseResult parsed = root.Parse(args);
            int code = parsed.Action is System.CommandLine.Help.HelpAction ? parsed.Invoke(Invocation)
                : FlagHints.For(parsed) is { Count: > 0 } hints ? RefuseFlags(parsed, hints)
                : parsed.Errors.Count > 0 ? Refuse(parsed)
                : parsed.Invoke(Invocation);
            return code == ExitCode.Success && StandardStreams.OutputFault is { } fault ? OutputLost(parsed, fault) : code;
        }
        catch (Exception e)
        {
            return Faults.Report(e, Console.Error);
        }
    }

    private static int OutputLost(ParseResult parsed, string fault)
    {
        if (VerbsWithFiles.Contains(parsed.CommandResult.Command.Name))
        {
            Console.Error.WriteLine($"note: standard output could not be written ({fault}); the files hold everything");
            return ExitCode.Success;
        }

        Faults.Write(Console.Error, $"standard output could not be written: {fault}", "an open file, pipe or terminal with space left", "send it elsewhere, such as '> result.txt'");
        return ExitCode.Usage;
    }

    private static RootCommand CreateRoot() => new("Trains and examines bilevel (Stackelberg) reinforcement learning agents.")
    {
        TrainVerb.Create(),
        EvalVerb.Create(),
        ResumeVerb.Create(),
        ReplayVerb.Create(),
        EnvironmentVerbs.Create(),
        AlgorithmVerbs.Create(),
        ConfigurationVerbs.Create(),
        HypergradientVerb.Create(),
        DoctorVerb.Create(),
        ToyVerb.Create(),
        BenchVerb.Create(),
    };

    private static int Refuse(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        IEnumerable<string> names = command.Subcommands.Select(c => c.Name)
            .Concat(command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name)));
        string? unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        string? nearest = unknown is null ? null : Suggestions.Nearest(unknown, names.Where(n => n.StartsWith('-') == unknown.StartsWith('-')));
        string path = string.Join(' ', parsed.RootCommandResult.Command == command ? ["stackelberg"] : Path(parsed.CommandResult));
        string problem = unknown is null ? string.Join(' ', parsed.Errors.Select(e => Plain(e.Message))) : $"'{unknown}' is not known to '{path}'";
        IEnumerable<string> allowed = command.Subcommands.Count > 0 ? command.Subcommands.Select(c => c.Name) : command.Options.Where(o => !o.Hidden).Select(o => o.Name);
        Faults.Write(
            Console.Error, problem, string.Join(", ", allowed), nearest is null ? $"'{path} --help' explains them" : $"did you mean '{nearest}'? '{path} --help' shows all");
        return ExitCode.Usage;
    }

    /// <summary>Says of flags that a verb with settings does not know what they were probably meant to be.</summary>
    private static int RefuseFlags(ParseResult parsed, IReadOnlyList<(string Flag, string Next)> hints)
    {
        string allowed = string.Join(", ", parsed.CommandResult.Command.Options.Where(o => !o.Hidden).Select(o => o.Name));
        foreach ((string flag, string next) in hints)
        {
            Faults.Write(Console.Error, $"'{flag}' is not known to '{string.Join(' ', Path(parsed.CommandResult))}'", $"{allowed}; what an algorithm can set by --set KEY=VALUE", next);
        }

        return ExitCode.Usage;
    }

    /// <summary>What the parser says of a value, with words in place of the names of types.</summary>
    private static string Plain(string message) => TypeName().Replace(message, static match => match.Groups[1].Value switch
    {
        string type when type.Contains("UInt", StringComparison.Ordinal) => "as an integer ≥ 0",
        string type when type.Contains("Int", StringComparison.Ordinal) => "as an integer, written out",
        string type when type.Contains("Double", StringComparison.Ordinal) => "as a number",
        string type when type.EndsWith(nameof(Agents.PolicyMode), StringComparison.Ordinal) => "as one of greedy, stochastic",
        _ => match.Value,
    });

    // up to the list of names that the parser adds for enumerations
    [System.Text.RegularExpressions.GeneratedRegex(@"as expected type '([^']+)'(?: ?\. Did you mean[^']*)?", System.Text.RegularExpressions.RegexOptions.CultureInvariant)]
    private static partial System.Text.RegularExpressions.Regex TypeName();

    private static IEnumerable<string> Path(SymbolResult? result)
    {
        List<string> names = [];
        for (; result is CommandResult command; result = result.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "stackelberg" : command.Command.Name);
        }

        return names;
    }
}
