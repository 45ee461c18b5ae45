using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Rollouts;

/// <summary>Some steps of a rollout, copied so that they lie one after the other.</summary>
/// <remarks>Steps in the rollout's order keep their trajectories, over which advantages can be estimated again; picked ones have none.</remarks>
internal sealed class Minibatch<T> : IPolicyBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Trajectory> trajectories = [];
    private readonly bool sharesInputs;

    /// <summary>Room for steps.</summary>
    /// <param name="criticInputs">Numbers that the critic reads of a step.</param>
    /// <param name="sharesInputs">Whether the critic reads the observations themselves.</param>
    public Minibatch(int capacity, int observationSize, int actionSize, int criticInputs, bool sharesInputs)
    {
        this.sharesInputs = sharesInputs;
        Capacity = capacity;
        Observations = new Matrix<T>(capacity, observationSize);
        CriticInputs = sharesInputs ? Observations : new Matrix<T>(capacity, criticInputs);
        EndInputs = new Matrix<T>(capacity, criticInputs);
        Actions = new Matrix<T>(capacity, actionSize);
        (LogProbabilities, Advantages, Values, Rewards) = (new double[capacity], new double[capacity], new double[capacity], new double[capacity]);
        Targets = new T[capacity];
    }

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public Matrix<T> Observations { get; }

    /// <inheritdoc/>
    public Matrix<T> Actions { get; }

    /// <summary>What the critic reads, [count × its inputs].</summary>
    public Matrix<T> CriticInputs { get; }

    /// <summary>log π(a_t | s_t) of the policy that collected.</summary>
    public double[] LogProbabilities { get; }

    /// <summary>Â_t</summary>
    public double[] Advantages { get; }

    /// <summary>V_w(s_t) before the critic moved.</summary>
    public double[] Values { get; }

    /// <summary>r_t</summary>
    public double[] Rewards { get; }

    /// <summary>What the critic regresses on.</summary>
    public T[] Targets { get; }

    /// <summary>The trajectories, their rows those of this batch; empty for picked steps.</summary>
    public ReadOnlySpan<Trajectory> Trajectories => CollectionsMarshal.AsSpan(trajectories);

    /// <summary>What the critic reads after trajectories that go on, [<see cref="EndCount"/> × its inputs].</summary>
    public Matrix<T> EndInputs { get; }

    /// <summary>Rows of <see cref="EndInputs"/> in use.</summary>
    public int EndCount { get; private set; }

    /// <summary>Takes single steps.</summary>
    /// <param name="rows">Rows of the rollout.</param>
    /// <param name="criticInputs">What the critic reads of the rollout's steps.</param>
    public void Pick(Rollout<T> rollout, Matrix<T> criticInputs, ReadOnlySpan<int> rows)
    {
        trajectories.Clear();
        (Count, EndCount) = (rows.Length, 0);
        CopyRows(rollout.Observations, Observations, rows);
        CopyRows(rollout.Actions, Actions, rows);
        if (!sharesInputs)
        {
            CopyRows(criticInputs, CriticInputs, rows);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            LogProbabilities[i] = rollout.LogProbabilities[row];
            Advantages[i] = rollout.Advantages[row];
            Values[i] = rollout.Values[row];
            Rewards[i] = rollout.Rewards[row];
            Targets[i] = rollout.Targets[row];
        }
    }

    /// <summary>Takes steps one after the other, of whole trajectories.</summary>
    /// <param name="start">First row.</param>
    /// <param name="endInputs">What the critic reads after trajectories, by <see cref="Trajectory.EndRow"/>.</param>
    public void Slice(Rollout<T> rollout, Matrix<T> criticInputs, Matrix<T> endInputs, int start, int count)
    {
        trajectories.Clear();
        (Count, EndCount) = (count, 0);
        CopyRows(rollout.Observations, Observations, start, count);
        CopyRows(rollout.Actions, Actions, start, count);
        if (!sharesInputs)
        {
            CopyRows(criticInputs, CriticInputs, start, count);
        }

        rollout.LogProbabilities.AsSpan(start, count).CopyTo(LogProbabilities);
        rollout.Advantages.AsSpan(start, count).CopyTo(Advantages);
        rollout.Values.AsSpan(start, count).CopyTo(Values);
        rollout.Rewards.AsSpan(start, count).CopyTo(Rewards);
        rollout.Targets.AsSpan(start, count).CopyTo(Targets);
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            if (trajectory.Start < start || trajectory.End > start + count)
            {
                continue;
            }

            int end = -1;
            if (trajectory.EndRow >= 0)
            {
                end = EndCount++;
                endInputs.Row(trajectory.EndRow).CopyTo(EndInputs.Row(end));
            }

            trajectories.Add(trajectory with { Start = trajectory.Start - start, EndRow = end });
        }
    }

    private static void CopyRows(Matrix<T> from, Matrix<T> to, ReadOnlySpan<int> rows)
    {
        ReadOnlySpan<T> source = from.Span;
        Span<T> target = to.Span;
        int stride = from.Stride;
        for (int i = 0; i < rows.Length; i++)
        {
            source.Slice(rows[i] * stride, stride).CopyTo(target.Slice(i * stride, stride));
        }
    }

    private static void CopyRows(Matrix<T> from, Matrix<T> to, int start, int count) =>
        from.Span.Slice(start * from.Stride, count * from.Stride).CopyTo(to.Span);
}
