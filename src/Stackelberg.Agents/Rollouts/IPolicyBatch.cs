using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Rollouts;

/// <summary>Observations and the actions drawn there: a rollout, or a part of one.</summary>
internal interface IPolicyBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Largest number of steps.</summary>
    int Capacity { get; }

    /// <summary>Steps held.</summary>
    int Count { get; }

    /// <summary>s_t, [at least count × observation size].</summary>
    Matrix<T> Observations { get; }

    /// <summary>a_t as drawn, [at least count × action size].</summary>
    Matrix<T> Actions { get; }
}
