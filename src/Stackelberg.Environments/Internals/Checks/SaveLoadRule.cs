using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

internal sealed class SaveLoadRule : CheckRule
{
    private static readonly int[] StepsBefore = [0, 7, 40];

    public override string Name => "save-load";

    public override string Description => "Saved state continues bit for bit over episode ends and resets, in the same, a new and a used environment.";

    public override void Check(CheckRun run)
    {
        double[][] before = run.Actions("save-load-before", run.Options.Steps);
        foreach (int steps in StepsBefore)
        {
            if (!CheckFrom(run, before[..Math.Min(steps, before.Length)], $"after {steps} steps"))
            {
                return;
            }
        }

        int end = FirstEnd(run, before);
        if (end > 0)
        {
            CheckFrom(run, before[..end], $"after the episode ended at step {end}");
        }
    }

    private bool CheckFrom(CheckRun run, double[][] before, string when)
    {
        double[][] after = run.Actions("save-load-after", run.Options.Steps);
        using IEnvironment original = run.Create(), fresh = run.Create(), used = run.Create();
        bool ended = Transcript.Of(original, run.Options.Seed, before).Ended;
        MemoryState state = MemoryState.Of(original);
        Transcript expected = Continue(original, after, ended);
        _ = Transcript.Of(used, run.Options.Seed + 1, run.Actions("save-load-used", 23));

        foreach ((IEnvironment environment, string which) in ((IEnvironment, string)[])[(original, "the same"), (fresh, "a new"), (used, "a used")])
        {
            state.Restore(environment);
            if (MemoryState.Of(environment).FirstDifference(state) is string key)
            {
                run.Error(this, $"state saved {when}, loaded into {which} environment and saved again differs in '{key}'", "the same state",
                    "Restore in Load every value that Save writes.");
                return false;
            }

            if (Continue(environment, after, ended).FirstDifference(expected) is string difference)
            {
                run.Error(this, $"state saved {when} and loaded into {which} environment continues differently: {difference}", "the same bits",
                    "Save all that influences later steps: dynamics, step counters, whether an episode runs, and the random stream.");
                return false;
            }
        }

        return true;
    }

    private static Transcript Continue(IEnvironment environment, double[][] actions, bool ended)
    {
        Transcript transcript = new();
        transcript.Drive(environment, actions, ended);
        return transcript;
    }

    private static int FirstEnd(CheckRun run, double[][] actions)
    {
        using IEnvironment environment = run.Create();
        double[] observation = run.Buffer();
        environment.Reset(run.Options.Seed, observation);
        for (int step = 0; step < actions.Length; step++)
        {
            if (environment.Step(actions[step], observation).Ended)
            {
                return step + 1;
            }
        }

        return 0;
    }
}
