using System.Numerics;

namespace Stackelberg.Agents.Rollouts;

/// <summary>Stands between a collector and a method, and keeps how each trajectory of its rollout ended, which the rollout itself does not tell apart.</summary>
/// <param name="rollout">What <paramref name="take"/> adds steps to.</param>
/// <param name="take">The method's own.</param>
/// <param name="timeLimit">Whether truncated episodes go on.</param>
/// <param name="action">Where the method leaves the action at which it valued the observation after a trajectory; null where it draws none.</param>
internal sealed class RecordedEnds<T>(Rollout<T> rollout, TakeTransition take, TimeLimit timeLimit, double[]? action = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<bool> terminated = [], truncated = [], goesOn = [];
    private readonly List<double[]> observations = [], actions = [];

    /// <summary>Which trajectories ended inside the problem.</summary>
    public bool[] Terminated => [.. terminated];

    /// <summary>Which were ended by the environment's limit.</summary>
    public bool[] Truncated => [.. truncated];

    /// <summary>After which reward is still to come: those the rollout's end cut, and truncated ones unless they count as terminated.</summary>
    public bool[] GoesOn => [.. goesOn];

    /// <summary>The observation after each trajectory, as the environment gave it; zero where it does not go on.</summary>
    public IReadOnlyList<double[]> Observations => observations;

    /// <summary>The action drawn there; zero where the trajectory does not go on.</summary>
    public IReadOnlyList<double[]> Actions => actions;

    /// <summary>Hands a step on.</summary>
    public void Take(in Transition transition)
    {
        int before = rollout.Trajectories.Length;
        take(transition);
        if (rollout.Trajectories.Length == before)
        {
            return;
        }

        bool isTerminal = transition.Result.Terminated || (transition.Result.Truncated && timeLimit == TimeLimit.Terminal);
        terminated.Add(transition.Result.Terminated);
        truncated.Add(transition.Result.Truncated);
        goesOn.Add(!isTerminal);
        observations.Add(isTerminal ? new double[transition.NextObservation.Length] : transition.NextObservation.ToArray());
        actions.Add(isTerminal || action is null ? new double[action?.Length ?? 0] : [.. action]);
    }
}
