namespace Stackelberg.Environments.Internals.Checks;

internal sealed class TimeLimitRule : CheckRule
{
    public override string Name => "time-limit";

    public override string Description => "Episodes are truncated exactly at the spec's MaxEpisodeSteps, and nowhere else.";

    public override void Check(CheckRun run)
    {
        if (run.Spec.MaxEpisodeSteps is not int limit)
        {
            CheckUnlimited(run);
            return;
        }

        double[][] actions = LongEpisode.Find(run, limit);
        using IEnvironment environment = run.CreateForLong();
        double[] observation = run.Buffer();
        environment.Reset(run.Options.Seed, observation);
        for (int step = 1; step <= actions.Length; step++)
        {
            StepResult result = environment.Step(actions[step - 1], observation);
            if (result.Truncated != (step == limit))
            {
                run.Error(this, $"step {step} returned Truncated = {result.Truncated}, while the spec states a limit of {limit}",
                    $"Truncated at step {limit} and at no other", "Wrap the environment in TimeLimit, or state the true limit in the spec.");
                return;
            }
        }

        if (actions.Length < limit)
        {
            run.Report(this, FindingSeverity.Advice, $"the longest episode found has {actions.Length} steps, so the limit of {limit} was not reached",
                "an episode as long as the limit", "Raise SearchSteps, or test the limit with a good policy.");
        }
    }

    private void CheckUnlimited(CheckRun run)
    {
        using IEnvironment environment = run.CreateForLong();
        double[] observation = run.Buffer();
        environment.Reset(run.Options.Seed, observation);
        int step = 0;
        foreach (double[] action in run.Actions("time-limit", run.Options.Steps))
        {
            StepResult result = environment.Step(action, observation);
            step++;
            if (result.Truncated)
            {
                run.Error(this, $"step {step} returned Truncated, while the spec states no limit", "Truncated at the spec's MaxEpisodeSteps only",
                    "State MaxEpisodeSteps in the spec; report ends that belong to the task as Terminated.");
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
