namespace Stackelberg.Environments.Internals.Checks;

internal sealed class SeedRepeatsRule : CheckRule
{
    public override string Name => "seed-repeats";

    public override string Description => "Reset with a seed restarts everything: the same seed and actions give the same bits, whatever came before.";

    public override void Check(CheckRun run)
    {
        using IEnvironment environment = run.Create();
        double[][] actions = run.Actions("seed-repeats", run.Options.Steps);
        Transcript first = Transcript.Of(environment, run.Options.Seed, actions);
        _ = Transcript.Of(environment, run.Options.Seed + 1, run.Actions("in-between", 17));
        if (Transcript.Of(environment, run.Options.Seed, actions).FirstDifference(first) is string difference)
        {
            run.Error(this, $"after Reset({run.Options.Seed}) on the same environment {difference}", "the same bits",
                "Reset every field in Reset, and draw all randomness from one RandomStream made from the seed.");
        }
    }
}

internal sealed class ReplayRule : CheckRule
{
    public override string Name => "replay";

    public override string Description => "Two new environments with the same seed and actions give the same bits.";

    public override void Check(CheckRun run)
    {
        using IEnvironment one = run.Create(), two = run.Create();
        double[][] actions = run.Actions("replay", run.Options.Steps);
        Transcript first = Transcript.Of(one, run.Options.Seed, actions);
        if (Transcript.Of(two, run.Options.Seed, actions).FirstDifference(first) is string difference)
        {
            run.Error(this, $"in two new environments with seed {run.Options.Seed} {difference}", "the same bits",
                "Remove static fields, clocks, hash order and shared random generators from the environment.");
        }
    }
}

internal sealed class SeedsDifferRule : CheckRule
{
    // Enough for tasks where chance seldom shows, such as a start that most often leads into the same trap.
    private const int Seeds = 32;

    public override string Name => "seeds-differ";

    public override string Description => "Different seeds give different trajectories, unless the spec says Deterministic; then they give the same.";

    public override void Check(CheckRun run)
    {
        if (run.Options.ChanceIsOpen)
        {
            return;
        }

        double[][] actions = run.Actions("seeds-differ", Math.Min(50, run.Options.Steps));
        using IEnvironment environment = run.Create();
        Transcript first = Transcript.Of(environment, run.Options.Seed, actions);
        string? difference = null;
        for (ulong k = 1; k < Seeds && difference is null; k++)
        {
            difference = Transcript.Of(environment, run.Options.Seed + k, actions).FirstDifference(first);
        }

        if (run.Spec.Deterministic && difference is not null)
        {
            run.Error(this, $"with different seeds {difference}, though the spec says Deterministic", "the same bits for every seed",
                "Set Deterministic to false in the spec.");
        }
        else if (!run.Spec.Deterministic && difference is null)
        {
            run.Error(this, $"{Seeds} different seeds gave the same trajectory", "different starts or different noise",
                "Make the random stream from the seed given to Reset; if nothing is random, set Deterministic in the spec.");
        }
    }
}

internal sealed class StreamRule : CheckRule
{
    private const int Resets = 32;

    public override string Name => "stream";

    public override string Description => "Reset without a seed goes on with the random stream: it does not repeat the episodes before.";

    public override void Check(CheckRun run)
    {
        if (run.Spec.Deterministic || run.Options.ChanceIsOpen)
        {
            return;
        }

        double[][] actions = run.Actions("stream", 50);
        using IEnvironment environment = run.Create();
        Transcript first = Episode(environment, run.Options.Seed, actions);
        for (int k = 0; k < Resets; k++)
        {
            if (Episode(environment, null, actions).FirstDifference(first) is not null)
            {
                return;
            }
        }

        run.Error(this, $"{Resets} episodes after Reset(null) repeated the one after Reset({run.Options.Seed})", "a new episode each time",
            "Make the random stream anew only when a seed is given.");
    }

    private static Transcript Episode(IEnvironment environment, ulong? seed, double[][] actions)
    {
        environment.Reset(seed, new double[environment.ObservationSpace.Size]);
        Transcript transcript = new();
        transcript.Drive(environment, actions);
        return transcript;
    }
}
