using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Rollouts;

/// <summary>What the value of the observation at a time limit counts for.</summary>
public enum TimeLimit
{
    /// <summary>A truncated episode is bootstrapped with the critic's value: future reward exists.</summary>
    Bootstrap,

    /// <summary>A truncated episode counts as terminated, as in code written for Gym's single flag.</summary>
    Terminal,
}

/// <summary>Steps of one episode that lie in a rollout.</summary>
/// <param name="Start">Row of the first step; the episode begins there.</param>
/// <param name="Length">Number of steps.</param>
/// <param name="Bootstrap">Value of the observation after the last step; 0 when the episode terminated.</param>
/// <param name="Complete">The episode terminated or was truncated; otherwise the rollout's end cut it.</param>
/// <param name="EndRow">Row of <see cref="Rollout{T}.EndObservations"/> that holds the observation after the last step; −1 where none is kept.</param>
public readonly record struct Trajectory(int Start, int Length, double Bootstrap, bool Complete, int EndRow = -1)
{
    /// <summary>Row behind the last step.</summary>
    public int End => Start + Length;
}

/// <summary>The steps of one on-policy iteration, row by row, cut into trajectories.</summary>
public sealed class Rollout<T> : IPolicyBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Trajectory> trajectories = [];
    private int start;

    /// <summary>Room for <paramref name="capacity"/> steps.</summary>
    /// <param name="keepsEnds">Whether observations after trajectories are kept, for critics that move while the rollout is in use.</param>
    public Rollout(int capacity, int observationSize, int actionSize, bool keepsEnds = false)
    {
        Capacity = capacity;
        Observations = new Matrix<T>(capacity, observationSize);
        Actions = new Matrix<T>(capacity, actionSize);
        Rewards = new double[capacity];
        Values = new double[capacity];
        Advantages = new double[capacity];
        Returns = new double[capacity];
        Targets = new T[capacity];
        LogProbabilities = new double[capacity];
        // every step may be a trajectory of its own
        EndObservations = new Matrix<T>(keepsEnds ? capacity : 1, observationSize);
    }

    /// <summary>Largest number of steps.</summary>
    public int Capacity { get; }

    /// <summary>Steps collected.</summary>
    public int Count { get; private set; }

    /// <summary>s_t, [capacity × observation size].</summary>
    public Matrix<T> Observations { get; }

    /// <summary>a_t as drawn, [capacity × action size].</summary>
    public Matrix<T> Actions { get; }

    /// <summary>r_t.</summary>
    public double[] Rewards { get; }

    /// <summary>V_w(s_t) where the critic was last evaluated on the rollout.</summary>
    public double[] Values { get; }

    /// <summary>log π(a_t | s_t) of the policy that collected.</summary>
    public double[] LogProbabilities { get; }

    /// <summary>Observations after trajectories that go on, where they are kept, [<see cref="EndCount"/> × observation size].</summary>
    public Matrix<T> EndObservations { get; }

    /// <summary>Rows of <see cref="EndObservations"/> in use.</summary>
    public int EndCount { get; private set; }

    /// <summary>Â_t by GAE(λ).</summary>
    public double[] Advantages { get; }

    /// <summary>What the critic regresses on: discounted rewards-to-go with bootstrapped ends, or λ-returns.</summary>
    public double[] Returns { get; }

    /// <summary><see cref="Returns"/> in the critic's precision.</summary>
    public T[] Targets { get; }

    /// <summary>The trajectories in order; together they cover all steps.</summary>
    public ReadOnlySpan<Trajectory> Trajectories => CollectionsMarshal.AsSpan(trajectories);

    /// <summary>Forgets all steps.</summary>
    public void Clear()
    {
        (Count, start, EndCount) = (0, 0, 0);
        trajectories.Clear();
    }

    /// <summary>Writes what a step begins with; <see cref="Complete"/> adds what it led to.</summary>
    /// <param name="observation">s_t</param>
    /// <param name="action">a_t as drawn, not as the environment gets it.</param>
    public void Begin(ReadOnlySpan<double> observation, ReadOnlySpan<double> action)
    {
        Narrow(observation, Observations.Row(Count));
        Narrow(action, Actions.Row(Count));
    }

    /// <summary>Adds the step begun last.</summary>
    /// <param name="reward">r_t</param>
    /// <param name="ends">Whether its trajectory ends here: the episode did, or the rollout cuts it.</param>
    /// <param name="isComplete">Whether the episode ended.</param>
    /// <param name="bootstrap">Value of the observation after the trajectory; 0 where the episode terminated.</param>
    public void Complete(double reward, bool ends, bool isComplete, double bootstrap)
    {
        Rewards[Count++] = reward;
        if (ends)
        {
            trajectories.Add(new Trajectory(start, Count - start, bootstrap, isComplete));
            start = Count;
        }
    }

    /// <summary>Adds the step begun last, which ends its trajectory at an observation from which reward is still to come.</summary>
    /// <param name="reward">r_t</param>
    /// <param name="isComplete">Whether the episode ended, by truncation.</param>
    /// <param name="endObservation">What the step led to; <see cref="SetBootstrap"/> gives its value.</param>
    public void CompleteAt(double reward, bool isComplete, ReadOnlySpan<double> endObservation)
    {
        Narrow(endObservation, EndObservations.Row(EndCount));
        Rewards[Count++] = reward;
        trajectories.Add(new Trajectory(start, Count - start, 0, isComplete, EndCount++));
        start = Count;
    }

    /// <summary>Gives every trajectory that goes on the value of the observation after it.</summary>
    /// <param name="values">V of the rows of <see cref="EndObservations"/>.</param>
    public void SetBootstrap(Matrix<T> values)
    {
        for (int i = 0; i < trajectories.Count; i++)
        {
            if (trajectories[i].EndRow >= 0)
            {
                trajectories[i] = trajectories[i] with { Bootstrap = double.CreateTruncating(values[trajectories[i].EndRow, 0]) };
            }
        }
    }

    /// <summary>
    /// Fills <see cref="Advantages"/> with GAE(λ) (Schulman et al. 2016, eq. 16) and <see cref="Returns"/> with discounted rewards-to-go.
    /// </summary>
    /// <remarks>A trajectory that terminated ends with value 0; one that was truncated or cut ends with its bootstrap value.</remarks>
    public void Estimate(double gamma, double lambda)
    {
        foreach (Trajectory trajectory in trajectories)
        {
            Gae.Estimate(trajectory, Rewards, Values, trajectory.Bootstrap, gamma, lambda, Advantages);
            double toGo = trajectory.Bootstrap;
            for (int t = trajectory.End - 1; t >= trajectory.Start; t--)
            {
                toGo = Rewards[t] + (gamma * toGo);
                Returns[t] = toGo;
                Targets[t] = T.CreateTruncating(toGo);
            }
        }
    }

    /// <summary>Makes the λ-returns Â_t + V_w(s_t) what the critic regresses on, in place of rewards-to-go.</summary>
    public void RegressOnLambdaReturns()
    {
        for (int t = 0; t < Count; t++)
        {
            Returns[t] = Advantages[t] + Values[t];
            Targets[t] = T.CreateTruncating(Returns[t]);
        }
    }

    private static void Narrow(ReadOnlySpan<double> from, Span<T> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }
    }

    /// <summary>Shifts and scales the advantages to mean 0 and population standard deviation 1; constant advantages become 0.</summary>
    /// <returns>The standard deviation before; 1 where it was 0.</returns>
    public double NormaliseAdvantages() => Gae.Normalise(Advantages.AsSpan(0, Count));
}
