using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

internal sealed class InvalidActionsRule : CheckRule
{
    public override string Name => "invalid-actions";

    public override string Description =>
        "An action of wrong length, not finite, or outside a discrete range is refused, and the episode goes on as if it had not come.";

    public override void Check(CheckRun run)
    {
        double[][] actions = run.Actions("invalid-actions", 5);
        foreach ((double[] invalid, string why) in Invalid(run.ActionSpace, actions[0]))
        {
            if (!CheckOne(this, run, actions, invalid, why))
            {
                return;
            }
        }
    }

    private static List<(double[] Action, string Why)> Invalid(Space space, double[] valid)
    {
        List<(double[] Action, string Why)> list =
        [
            ([], "with no numbers"),
            ([.. valid, 0.0], $"with {space.Size + 1} numbers"),
            (With(double.NaN), "that is NaN"),
            (With(double.PositiveInfinity), "that is infinite"),
        ];
        if (space is DiscreteSpace discrete)
        {
            list.AddRange(((double[])[discrete.Count, -1, 0.5]).Select(v => (With(v), v.ToString(CultureInfo.InvariantCulture))));
        }

        return list;

        double[] With(double value)
        {
            double[] action = [.. valid];
            action[^1] = value;
            return action;
        }
    }

    internal static bool CheckOne(CheckRule rule, CheckRun run, double[][] actions, double[] invalid, string why)
    {
        using IEnvironment environment = run.Create(), undisturbed = run.Create();
        double[] observation = run.Buffer(), expected = run.Buffer();
        environment.Reset(run.Options.Seed, observation);
        undisturbed.Reset(run.Options.Seed, expected);
        try
        {
            environment.Step(invalid, observation);
            run.Error(rule, $"an action {why} was accepted, while actions are {run.ActionSpace}", "an EnvironmentException that quotes the action",
                "Test ActionSpace.Contains(action) first in Step and throw EnvironmentException.InvalidAction.");
            return false;
        }
        catch (EnvironmentException exception) when (exception.InnerException is null)
        {
        }
        catch (Exception exception)
        {
            run.Report(rule, FindingSeverity.Warning, $"an action {why} was answered by: {ExceptionText.Of(exception)}",
                "an EnvironmentException that quotes the action",
                "Test ActionSpace.Contains(action) first in Step and throw EnvironmentException.InvalidAction.");
            return false;
        }

        StepResult result = environment.Step(actions[1], observation), other = undisturbed.Step(actions[1], expected);
        if (result != other || !observation.AsSpan().SequenceEqual(expected))
        {
            run.Error(rule, $"the step after a refused action {why} differs from that of an undisturbed environment", "an unchanged episode",
                "Refuse the action before anything is changed or drawn.");
            return false;
        }

        return true;
    }
}
