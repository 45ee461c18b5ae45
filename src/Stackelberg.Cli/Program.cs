using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Verbs;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Tensors;

namespace Stackelberg.Cli;

internal static class Program
{
    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    // a path may begin with @
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };


    // What these verbs make lies in files; what they say of it may get lost.
    private static readonly string[] VerbsWithFiles = ["train", "resume", "replay", "export", "report", "run", "convert"];

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

            RequireWorkingFolder();
            RootCommand root = CreateRoot();
            StrictValues values = StrictValues.Over(root);
            ParseResult parsed = root.Parse(args, Parsing);
            int code = parsed.Action is System.CommandLine.Help.HelpAction ? parsed.Invoke(Invocation)
                : FlagHints.For(parsed) is { Count: > 0 } hints ? RefuseFlags(parsed, hints)
                : values.Faults.Count > 0 ? RefuseValues(values.Faults)
                : parsed.Errors.Count > 0 ? Refuse(parsed)
                : parsed.Invoke(Invocation);
            return code == ExitCode.Success && StandardStreams.OutputFault is { } fault ? OutputLost(parsed, fault) : code;
        }
        catch (Exception e)
        {
            return Faults.Report(e, Console.Error);
        }
    }

    // every path that is not absolute is looked for from there
    private static void RequireWorkingFolder()
    {
        if (!Directory.Exists("."))
        {
            throw new UserErrorException("the folder this command was started in does not exist any more", "a working folder that exists", "go to one, such as 'cd ~', and try again");
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

    internal static RootCommand CreateRoot() => new("Trains and examines bilevel (Stackelberg) reinforcement learning agents.")
    {
        TrainVerb.Create(),
        EvalVerb.Create(),
        CompareVerb.Create(),
        ReportVerb.Create(),
        ReproduceVerbs.Create(),
        ResumeVerb.Create(),
        ReplayVerb.Create(),
        EnvironmentVerbs.Create(),
        AlgorithmVerbs.Create(),
        ConfigurationVerbs.Create(),
        HypergradientVerb.Create(),
        GameVerbs.Create(),
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
        string problem = unknown is null ? string.Join(' ', parsed.Errors.Select(e => e.Message)) : $"'{unknown}' is not known to '{path}'";
        IEnumerable<string> allowed = command.Subcommands.Count > 0 ? command.Subcommands.Select(c => c.Name) : command.Options.Where(o => !o.Hidden).Select(o => o.Name);
        Faults.Write(
            Console.Error, problem, string.Join(", ", allowed), nearest is null ? $"'{path} --help' explains them" : $"did you mean '{nearest}'? '{path} --help' shows all");
        return ExitCode.Usage;
    }

    private static int RefuseValues(IReadOnlyList<UserErrorException> faults)
    {
        foreach (UserErrorException fault in faults)
        {
            Faults.Report(fault, Console.Error);
        }

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
