using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

internal sealed class ActionsRule : CheckRule
{
    public override string Name => "actions";

    public override string Description => "Every action of the action space is accepted until a flag says that the episode ended.";

    public override void Check(CheckRun run)
    {
        using IEnvironment environment = run.Create();
        double[] observation = run.Buffer();
        environment.Reset(run.Options.Seed, observation);
        int step = 0;
        foreach (double[] action in run.Actions("actions", run.Options.Steps))
        {
            step++;
            try
            {
                if (environment.Step(action, observation).Ended)
                {
                    environment.Reset(null, observation);
                    step = 0;
                }
            }
            catch (Exception exception)
            {
                run.ActionsRefused = true;
                run.Error(this, $"Step refused the valid action [{string.Join(", ", action)}] at step {step} of an episode that had not ended: " +
                    ExceptionText.Of(exception), $"every element of {run.ActionSpace} accepted",
                    "Narrow the action space, accept the action, or flag the end of the episode.");
                return;
            }
        }
    }
}

internal sealed class ObservationsRule : CheckRule
{
    public override string Name => "observations";

    public override string Description => "Every entry of every observation is written, finite in single precision and inside the observation space.";

    public override void Check(CheckRun run)
    {
        using IEnvironment environment = run.Create();
        double[] observation = run.Buffer();
        environment.Reset(run.Options.Seed, Cleared(observation));
        bool sound = Inspect(run, environment, observation, "after Reset");
        int step = 0;
        foreach (double[] action in run.Actions("observations", run.Options.Steps))
        {
            if (!sound)
            {
                return;
            }

            StepResult result = environment.Step(action, Cleared(observation));
            step++;
            sound = Inspect(run, environment, observation, result.Ended ? $"at step {step}, the final one" : $"at step {step}");
            if (result.Ended && sound)
            {
                environment.Reset(null, Cleared(observation));
                sound = Inspect(run, environment, observation, "after Reset");
                step = 0;
            }
        }
    }

    // NaN shows an entry that was not written: what a caller's buffer held before must not matter.
    private static double[] Cleared(double[] observation)
    {
        Array.Fill(observation, double.NaN);
        return observation;
    }

    private bool Inspect(CheckRun run, IEnvironment environment, double[] observation, string where)
    {
        for (int i = 0; i < observation.Length; i++)
        {
            if (!SinglePrecision.Holds(observation[i]))
            {
                run.Error(this, $"{CheckRun.EntryName(environment, i)} is {observation[i]} {where}{(double.IsFinite(observation[i]) ? "" : ", or was not written (buffers are filled with NaN before)")}",
                    $"a finite number of at most {SinglePrecision.Largest} in size", "Write every entry in Reset and in Step, and keep the dynamics bounded.");
                return false;
            }
        }

        Space space = environment.ObservationSpace;
        if (!space.Contains(observation))
        {
            run.Error(this, $"the observation [{string.Join(", ", observation)}] {where} is outside {space}", "an element of the observation space",
                "Widen the space, or clip what is observed.");
            return false;
        }

        return true;
    }
}

internal sealed class RewardsRule : CheckRule
{
    public override string Name => "rewards";

    public override string Description => "Every reward is finite in single precision.";

    public override void Check(CheckRun run)
    {
        using IEnvironment environment = run.Create();
        double[] observation = run.Buffer();
        environment.Reset(run.Options.Seed, observation);
        int step = 0;
        foreach (double[] action in run.Actions("rewards", run.Options.Steps))
        {
            StepResult result = environment.Step(action, observation);
            step++;
            if (!SinglePrecision.Holds(result.Reward))
            {
                run.Error(this, $"the reward is {result.Reward} at step {step}", $"a finite number of at most {SinglePrecision.Largest} in size",
                    "Look for a division by zero or a logarithm of zero in the reward.");
                return;
            }

            if (result.Ended)
            {
                environment.Reset(null, observation);
                step = 0;
            }
        }
    }
}
