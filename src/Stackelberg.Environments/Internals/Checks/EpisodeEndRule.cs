namespace Stackelberg.Environments.Internals.Checks;

internal sealed class EpisodeEndRule : CheckRule
{
    private const int Limit = 5000;

    public override string Name => "episode-end";

    public override string Description => "Step before the first Reset, or after an episode ended, throws; Reset makes Step possible again.";

    public override void Check(CheckRun run)
    {
        double[][] actions = run.Actions("episode-end", Math.Min(Limit, run.Spec.MaxEpisodeSteps ?? Limit));
        using IEnvironment environment = run.Create();
        double[] observation = run.Buffer();
        if (!Refuses(environment, actions[0], observation))
        {
            Complain(run, "Step worked before the first Reset");
            return;
        }

        environment.Reset(run.Options.Seed, observation);
        foreach (double[] action in actions)
        {
            StepResult result = environment.Step(action, observation);
            if (result.Ended)
            {
                if (!Refuses(environment, action, observation))
                {
                    Complain(run, $"Step worked after an episode had ended (terminated {result.Terminated}, truncated {result.Truncated})");
                }
                else
                {
                    environment.Reset(null, observation);
                    environment.Step(action, observation);
                }

                return;
            }
        }

        run.Report(this, FindingSeverity.Advice, $"no episode ended in {actions.Length} random steps, so stepping past an end was not tried",
            "an episode that ends", "State MaxEpisodeSteps, or wrap the environment in TimeLimit.");
    }

    private void Complain(CheckRun run, string seen) => run.Error(this, seen, "an EnvironmentException that says to call Reset",
        "Keep a flag that Reset sets and the end of an episode clears, and throw EnvironmentException.NoEpisodeRunning.");

    private static bool Refuses(IEnvironment environment, double[] action, double[] observation)
    {
        try
        {
            environment.Step(action, observation);
            return false;
        }
        catch (Exception exception) when (exception is EnvironmentException { InnerException: null or InvalidOperationException } or InvalidOperationException)
        {
            return true;
        }
    }
}
