using Stackelberg.Environments.Internals.Checks;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Runs the contract of <see cref="IEnvironment"/> on an environment and reports what it breaks.</summary>
/// <remarks>
/// Check the dynamics with their time limit, not a stack with running normalisation: such statistics go on over resets by design, so a seed does
/// not repeat them.
/// </remarks>
public static class EnvironmentChecker
{
    internal static readonly CheckRule[] All =
    [
        new SpacesRule(),
        new ActionsRule(),
        new ObservationsRule(),
        new RewardsRule(),
        new SeedRepeatsRule(),
        new SeedsDifferRule(),
        new ReplayRule(),
        new StreamRule(),
        new EpisodeEndRule(),
        new TimeLimitRule(),
        new SaveLoadRule(),
        new InvalidActionsRule(),
        new AllocationRule(),
        new DisposalRule(),
    ];

    /// <summary>The rules in the order they are run.</summary>
    public static IReadOnlyList<EnvironmentRule> Rules { get; } = [.. All.Select(r => new EnvironmentRule(r.Name, r.Description))];

    /// <summary>Checks an environment. Never throws for what the environment does: that becomes a finding.</summary>
    /// <param name="create">Makes a new environment at every call; several are alive at once.</param>
    public static EnvironmentCheckReport Check(Func<IEnvironment> create, EnvironmentCheckOptions? options = null) =>
        Run(All, create, options ?? new EnvironmentCheckOptions());

    internal static EnvironmentCheckReport Run(CheckRule[] rules, Func<IEnvironment> create, EnvironmentCheckOptions options)
    {
        CheckRun run;
        try
        {
            run = new CheckRun(create, options);
        }
        catch (Exception exception)
        {
            EnvironmentFinding finding = new("construction", FindingSeverity.Error, ExceptionText.Of(exception), "a new environment",
                exception is EnvironmentException { InnerException: null } ? "Mend what is named." : "Make the constructor work without outside conditions, or name the missing condition in its message.");
            return new EnvironmentCheckReport("", [], [finding]);
        }

        List<EnvironmentRule> completed = [];
        foreach (CheckRule rule in rules)
        {
            if (run.ActionsRefused)
            {
                run.Report(rule, FindingSeverity.Advice, "not checked, because valid actions are refused", "an environment that can be stepped",
                    "Mend the actions first, then check again.");
                continue;
            }

            try
            {
                rule.Check(run);
                completed.Add(new EnvironmentRule(rule.Name, rule.Description));
            }
            catch (Exception exception)
            {
                run.Report(rule, FindingSeverity.Error, ExceptionText.Of(exception), "no exception while the contract is kept by the caller",
                    "Run the sequence named in the rule in a debugger and mend what throws.");
            }
        }

        return new EnvironmentCheckReport(run.Id, completed, run.Findings);
    }
}
