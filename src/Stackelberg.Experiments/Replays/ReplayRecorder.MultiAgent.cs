using Stackelberg.Environments;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Replays;

// Episodes of several agents.
public static partial class ReplayRecorder
{
    /// <summary>Plays episodes in an environment of several agents.</summary>
    /// <param name="choose">Chooses the joint action from the joint observation.</param>
    /// <exception cref="ReplayException">The environment has no view, or an episode does not end.</exception>
    internal static Replay Play(IMultiAgentEnvironment environment, string source, RandomStream random, int episodes, ChooseAction choose)
    {
        IPoseSource view = ViewOf(environment.Spec.Id, environment.Unwrapped() as IPoseSource);
        AgentRoster agents = environment.Agents;
        double[] observations = new double[agents.ObservationSize], actions = new double[agents.ActionSize], rewards = new double[agents.Count];
        List<ReplayEpisode> recorded = [];
        for (int episode = 0; episode < episodes; episode++)
        {
            RandomStream stream = random.Split("episode", episode);
            environment.Reset(stream.Split("environment").NextUInt64(), observations);
            RandomStream choices = stream.Split("policy");
            EpisodeRecorder recorder = new(view.Scene, agents.Count, PoseOf(environment.Spec.Id, view));
            JointStepResult step;
            do
            {
                choose(observations, actions, choices);
                step = environment.Step(actions, observations, rewards);
                recorder.Add(actions, rewards);
                RequireEnd(environment.Spec.Id, recorder.Steps, step.Ended);
            }
            while (!step.Ended);
            recorded.Add(recorder.Finish(step.Terminated, step.Truncated));
        }

        return new Replay(environment.Spec.Id, source, view.Scene, recorded) { Agents = [.. agents.Select(a => a.Name)] };
    }
}
