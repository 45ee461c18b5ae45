using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Rollouts.Internals;
using Stackelberg.Experiments.Training;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Rollouts;

/// <summary>Chooses the actions of a rollout.</summary>
public abstract class RolloutPolicy
{
    /// <summary>Uniform in the action space where it is bounded.</summary>
    public static RolloutPolicy Random { get; } = new SamplingPolicy();

    /// <summary>Zeros: no control, or the first choice.</summary>
    public static RolloutPolicy Zero { get; } = new ZeroPolicy();

    /// <summary>A learned policy.</summary>
    /// <param name="checkpoint">A folder <c>step-…</c>, or a run's folder, which means its newest checkpoint.</param>
    /// <param name="plan">The run it belongs to; only its factories and names are used.</param>
    /// <param name="mode">How actions are picked.</param>
    public static RolloutPolicy FromCheckpoint(string checkpoint, RunPlan plan, PolicyMode mode) => new LearnedPolicy(checkpoint, plan, mode);

    /// <summary>Makes the chooser for one rollout, on the thread that plays it.</summary>
    /// <exception cref="RolloutException">The policy was learned in another world.</exception>
    internal abstract IActionSource Open(IRolloutWorld world, RandomStream random);

    private sealed class SamplingPolicy : RolloutPolicy
    {
        internal override IActionSource Open(IRolloutWorld world, RandomStream random) => new Sampler(world, random);
    }

    private sealed class ZeroPolicy : RolloutPolicy
    {
        internal override IActionSource Open(IRolloutWorld world, RandomStream random) => new Zeros();
    }

    private sealed class LearnedPolicy(string checkpoint, RunPlan plan, PolicyMode mode) : RolloutPolicy
    {
        internal override IActionSource Open(IRolloutWorld world, RandomStream random)
        {
            using (IEnvironment own = plan.MakeEnvironment())
            {
                string learned = $"observations {own.ObservationSpace.Size}, actions {own.ActionSpace}";
                string present = $"observations {world.ObservationColumns.Count}, actions {string.Join(", ", world.ActionSpaces)}";
                if (learned != present)
                {
                    throw new RolloutException(
                        $"the policy of '{checkpoint}' was learned on {plan.Environment} ({learned}) and cannot act on {world.Id} ({present})",
                        $"a run on {world.Id}, or on an environment with the same spaces", $"train one: 'stackelberg train --env {ShellText.Path(world.Id)} …'");
                }
            }

            return new Learned(plan, CheckpointEvaluator.Open(checkpoint, plan), mode, random);
        }
    }

    private sealed class Sampler(IRolloutWorld world, RandomStream random) : IActionSource
    {
        public void Next(ReadOnlySpan<double> observation, Span<double> action)
        {
            int at = 0;
            foreach (Space space in world.ActionSpaces)
            {
                space.Sample(random, action.Slice(at, space.Size));
                at += space.Size;
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class Zeros : IActionSource
    {
        public void Next(ReadOnlySpan<double> observation, Span<double> action) => action.Clear();

        public void Dispose()
        {
        }
    }

    private sealed class Learned(RunPlan plan, IAlgorithm algorithm, PolicyMode mode, RandomStream random) : IActionSource
    {
        private readonly IPolicy policy = LearnerCalls.Policy(plan, algorithm);

        public void Next(ReadOnlySpan<double> observation, Span<double> action) => policy.Act(observation, action, mode, random);

        public void Dispose() => algorithm.Dispose();
    }
}
