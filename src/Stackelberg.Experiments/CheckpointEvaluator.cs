using Stackelberg.Agents;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Training;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments;

/// <summary>Plays whole episodes with the policy of a checkpoint.</summary>
public static class CheckpointEvaluator
{
    /// <summary>Loads a checkpoint into a fresh learner and evaluates its policy.</summary>
    /// <param name="checkpoint">A folder <c>step-…</c>, or a run's folder: the checkpoint that its result names, or the newest of one that is not finished.</param>
    /// <param name="plan">The run it belongs to; only its factories and names are used.</param>
    /// <param name="seed">Root of the evaluation's randomness.</param>
    /// <exception cref="CheckpointException">The checkpoint is missing, damaged or of another run.</exception>
    /// <exception cref="LearnerException">The learner cannot be built.</exception>
    /// <exception cref="PluginFaultException">The learner is a plug-in's and threw.</exception>
    public static EvaluationResult Evaluate(string checkpoint, RunPlan plan, ulong seed, int episodes, PolicyMode mode) =>
        PhysicsThread.Run(() =>
        {
            using IAlgorithm algorithm = Open(checkpoint, plan);
            return Evaluator.Evaluate(LearnerCalls.Policy(plan, algorithm), plan.MakeEnvironment, RandomStream.FromSeed(seed).Split("evaluation"), episodes, mode);
        });

    /// <summary>Makes a learner and loads a checkpoint into it.</summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <param name="widen">Whether the learner may be of double precision where the run is not.</param>
    internal static IAlgorithm Open(string checkpoint, RunPlan plan, bool widen = false)
    {
        var opened = Checkpoint.Open(Resolve(checkpoint));
        RequireResult(checkpoint, opened);
        IAlgorithm algorithm = Trainer.Build(plan, threads: 1);
        try
        {
            Trainer.Restore(opened, plan, algorithm, widen);
            return algorithm;
        }
        catch
        {
            algorithm.Dispose();
            throw;
        }
    }

    /// <summary>The folder of the checkpoint that <see cref="Evaluate"/> would load.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static string Resolve(string checkpoint)
    {
        if (!RunFolder.IsRun(checkpoint))
        {
            return checkpoint;
        }

        if (RunDirectory.ReadResult(checkpoint) is { Checkpoint: { } named })
        {
            string place = Path.Combine(RunFolder.CheckpointsOf(checkpoint), Path.GetFileName(named));
            return Directory.Exists(place)
                ? place
                : throw new CheckpointException($"The run '{checkpoint}' ended with the checkpoint '{named}', which is missing. Put it back from a copy, or give the folder of another checkpoint.");
        }

        IReadOnlyList<string> all = CheckpointStore.List(RunFolder.CheckpointsOf(checkpoint));
        return all.Count > 0 ? all[^1] : throw new CheckpointException($"The run '{checkpoint}' has no checkpoint yet. 'stackelberg resume' trains it.");
    }

    /// <summary>What stands where the checkpoints of an unfinished run are and is none by its name: whoever plays the newest should know.</summary>
    /// <param name="run">The run's folder.</param>
    public static IReadOnlyList<string> Strangers(string run) =>
        RunDirectory.ReadResult(run) is null ? [.. new CheckpointStore(RunFolder.CheckpointsOf(run), Storage.Default).Strangers()] : [];

    // a run that says what it ended with is taken at its word
    private static void RequireResult(string run, Checkpoint opened)
    {
        if (RunFolder.IsRun(run) && RunDirectory.ReadResult(run) is { CheckpointHash: { } hash } && hash != opened.Info.Hash)
        {
            throw new CheckpointException($"The checkpoint '{opened.Info.Path}' is not the one that the run ended with: its hash is {opened.Info.Hash}, and result.json says {hash}. Put that one back from a copy, or give the folder of a checkpoint.");
        }
    }
}
