using System.CommandLine;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Cli.Verbs;

/// <summary>What is compared and how; shared by the verbs that compare.</summary>
internal sealed class ComparisonFlags
{
    private readonly Option<string[]> by = new("--by")
    {
        Description = "configuration keys that tell groups apart, such as algo,hypergradient.damping; those that differ are found where it is left out", HelpName = "KEYS",
    };

    private readonly Option<string> metric = new("--metric") { Description = "return, length, or a column of progress.csv", HelpName = "NAME", DefaultValueFactory = _ => "return" };
    private readonly Option<string> at = new("--at") { Description = "final, or the environment step that scores are taken at, such as 2e5", HelpName = "STEP", DefaultValueFactory = _ => "final" };
    private readonly Option<string> kind = new("--kind") { Description = "of which episodes: evaluation or training-last100", HelpName = "KIND", DefaultValueFactory = _ => "evaluation" };
    private readonly Option<ulong> seed = new("--seed") { Description = "root of the resamples' randomness: the same seed, the same intervals" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { by, metric, at, kind, seed })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given, checked.</summary>
    /// <exception cref="UserErrorException">A value is not among those allowed.</exception>
    public ComparisonOptions Read(ParseResult parsed)
    {
        if (parsed.GetResult(kind) is { Implicit: false } && parsed.GetValue(metric) is not ("return" or "length"))
        {
            throw new UserErrorException($"--kind is given with --metric {parsed.GetValue(metric)}, which is of no kind of episodes", "--kind with return or length", "leave --kind out");
        }

        return Options(parsed);
    }

    private ComparisonOptions Options(ParseResult parsed) => new()
    {
        By = [.. (parsed.GetValue(by) ?? []).SelectMany(k => k.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()],
        Metric = parsed.GetValue(metric)!,
        At = parsed.GetValue(at) is "final" ? null : Step(parsed.GetValue(at)!),
        Kind = parsed.GetValue(kind) switch
        {
            "evaluation" => ScoreKind.Evaluation,
            "training-last100" => ScoreKind.TrainingLast100,
            var other => throw new UserErrorException($"--kind '{other}' is no kind of episodes", "evaluation, training-last100", "the first are of the policy as eval_mode has it, the second of the policy that explores"),
        },
        Seed = parsed.GetValue(seed),
    };

    private static long Step(string text) => NumberText.TryInteger(text, out Int128 step) && step >= 1 && step <= long.MaxValue
        ? (long)step
        : throw new UserErrorException($"--at '{text}' is no step", "final, or a whole number from 1 on, such as 200000 or 2e5", "leave it out for the end of each run");
}
