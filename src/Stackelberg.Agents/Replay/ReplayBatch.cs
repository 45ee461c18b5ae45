using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Replay;

/// <summary>Transitions drawn from a replay buffer, laid out as the critics' inputs.</summary>
public sealed class ReplayBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes room for <paramref name="rows"/> transitions.</summary>
    public ReplayBatch(int rows, int observationSize, int actionSize)
    {
        Rows = rows;
        Observations = new Matrix<T>(rows, observationSize);
        Inputs = new Matrix<T>(rows, observationSize + actionSize);
        NextObservations = new Matrix<T>(rows, observationSize);
        Rewards = new T[rows];
        Continues = new T[rows];
    }

    /// <summary>Transitions.</summary>
    public int Rows { get; }

    /// <summary>s, [rows × observation size].</summary>
    public Matrix<T> Observations { get; }

    /// <summary>(s, a), [rows × (observation size + action size)].</summary>
    public Matrix<T> Inputs { get; }

    /// <summary>s′, [rows × observation size]; of a truncated transition the true next observation.</summary>
    public Matrix<T> NextObservations { get; }

    /// <summary>r, [rows].</summary>
    public T[] Rewards { get; }

    /// <summary>1 where the target is bootstrapped, 0 where the transition terminated, [rows].</summary>
    public T[] Continues { get; }
}
