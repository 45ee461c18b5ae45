using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Experiments.Training;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Replays;

/// <summary>Records episodes to be drawn.</summary>
public static class ReplayRecorder
{
    // the longest episode of an environment that has no time limit of its own
    private const int EpisodeLimit = 100_000;

    /// <summary>Plays episodes with the policy of a checkpoint: the same ones as <see cref="CheckpointEvaluator.Evaluate"/> with this seed.</summary>
    /// <param name="checkpoint">A folder <c>step-…</c>, or a run's folder, which means its newest checkpoint.</param>
    /// <param name="plan">The run it belongs to; only its factories and names are used.</param>
    /// <param name="seed">Root of the randomness.</param>
    /// <param name="episodes">At least 1.</param>
    /// <param name="mode">How actions are picked.</param>
    /// <exception cref="ReplayException">The environment has no view, or an episode does not end.</exception>
    /// <exception cref="CheckpointException">The checkpoint is missing, damaged or of another run.</exception>
    public static Replay Record(string checkpoint, RunPlan plan, ulong seed, int episodes, PolicyMode mode) => PhysicsThread.Run(() =>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        using IEnvironment environment = plan.MakeEnvironment();
        _ = ViewOf(environment);
        using IAlgorithm algorithm = CheckpointEvaluator.Open(checkpoint, plan);
        RandomStream random = RandomStream.FromSeed(seed).Split("evaluation");
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(CheckpointEvaluator.Resolve(checkpoint)));
        string source = string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Algorithm}, training seed {plan.Seed}, checkpoint {folder}; {(mode == PolicyMode.Greedy ? "greedy" : "stochastic")} policy, seed {seed}");
        IPolicy policy = LearnerCalls.Policy(plan, algorithm);
        return Play(environment, source, random, episodes, (observation, action, choices) => policy.Act(observation, action, mode, choices));
    });

    /// <summary>Draws the states of a table that <c>env rollout</c> wrote.</summary>
    /// <param name="file">The table.</param>
    /// <param name="catalogue">Where environments of one agent are looked for.</param>
    /// <param name="games">Where environments of several agents are looked for.</param>
    /// <param name="environment">The environment's id; null for the only one whose columns are the table's.</param>
    /// <param name="episodes">How many at most; null for all.</param>
    /// <exception cref="ReplayException">The table is not one of a rollout, or fits no environment that has a view, or several.</exception>
    public static Replay ReadRollout(string file, EnvironmentCatalogue catalogue, MultiAgentCatalogue games, string? environment, int? episodes) =>
        PhysicsThread.Run(() => RolloutReader.Read(file, catalogue, games, environment, episodes));

    /// <summary>Plays episodes in <paramref name="environment"/>, which may be wrapped.</summary>
    internal static Replay Play(IEnvironment environment, string source, RandomStream random, int episodes, ChooseAction choose)
    {
        environment = environment.Guarded();
        IPoseSource view = ViewOf(environment);
        double[] observation = new double[environment.ObservationSpace.Size];
        double[] action = new double[environment.ActionSpace.Size];
        JointEnvironment? joint = environment.Joint();
        var recorded = new List<ReplayEpisode>();
        for (int episode = 0; episode < episodes; episode++)
        {
            RandomStream stream = random.Split("episode", episode);
            environment.Reset(stream.Split("environment").NextUInt64(), observation);
            RandomStream choices = stream.Split("policy");
            EpisodeRecorder recorder = new(view.Scene, joint?.Agents.Count ?? 1, PoseOf(environment.Spec.Id, view));
            StepResult step;
            do
            {
                choose(observation, action, choices);
                step = environment.Step(action, observation);
                recorder.Add(action, joint is null ? [step.Reward] : joint.Rewards);
                RequireEnd(environment.Spec.Id, recorder.Steps, step.Ended);
            }
            while (!step.Ended);
            recorded.Add(recorder.Finish(step.Terminated, step.Truncated));
        }

        return new Replay(environment.Spec.Id, source, view.Scene, recorded) { Agents = [.. (joint?.Agents ?? Enumerable.Empty<AgentSpec>()).Select(a => a.Name)] };
    }

    /// <summary>What draws an environment.</summary>
    /// <exception cref="ReplayException">Nothing does.</exception>
    internal static IPoseSource ViewOf(IEnvironment environment) => ViewOf(environment.Spec.Id, environment.Find<IPoseSource>());

    /// <inheritdoc cref="ViewOf(IEnvironment)"/>
    internal static IPoseSource ViewOf(string id, IPoseSource? view) => view ?? throw new ReplayException(
        $"'{id}' has no view", "MuJoCo, classic control, highway, grids, matrix games, and environments that implement IPoseSource",
        "implement IPoseSource in the environment, or look at its numbers with 'stackelberg env rollout'");

    private static EpisodeRecorder.WritePose PoseOf(string id, IPoseSource view) => pose =>
    {
        try
        {
            view.WritePose(pose);
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw EnvironmentException.Failed(id, nameof(view.WritePose), e);
        }
    };

    private static void RequireEnd(string id, int steps, bool ended)
    {
        if (steps == EpisodeLimit && !ended)
        {
            throw new ReplayException($"an episode of '{id}' did not end within {EpisodeLimit} steps", "an environment whose episodes end", "give the environment a time limit");
        }
    }

    /// <summary>Chooses an action.</summary>
    internal delegate void ChooseAction(ReadOnlySpan<double> observation, Span<double> action, RandomStream choices);
}
