using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>
/// An actor at fixed parameters, observations and noise: its actions aᵢ = a_θ(sᵢ, εᵢ), their log-probabilities ℓᵢ = log π_θ(aᵢ | sᵢ) where it has
/// a density, and derivatives of both.
/// </summary>
/// <remarks>
/// Parameters and observations must keep their values until the next <see cref="Evaluate"/>. Log-probabilities are of actions in units of the half
/// range. Matrices of actions are [rows × action size]; spans of log-probabilities have one element per row and are ignored by deterministic actors.
/// </remarks>
public abstract class ActorPoint<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected ActorPoint(ReparameterisedActor<T> actor, int maximumRows, RowParallelism? parallelism)
    {
        Actor = actor;
        Linearisation = new Linearisation<T>(actor.Layout, maximumRows, parallelism);
        OutputCotangents = new Matrix<T>(maximumRows, actor.Layout.Outputs);
        LogProbabilities = new T[maximumRows];
    }

    /// <summary>ℓᵢ, one per row; zero for deterministic actors.</summary>
    public T[] LogProbabilities { get; }

    /// <summary>εᵢ of the last <see cref="Evaluate"/>, [rows × action size]; empty for deterministic actors.</summary>
    public virtual ReadOnlySpan<T> Draws => [];

    /// <summary>Whose point this is.</summary>
    private protected ReparameterisedActor<T> Actor { get; }

    /// <summary>The network at this point.</summary>
    private protected Linearisation<T> Linearisation { get; }

    /// <summary>Workspace, [maximum rows × outputs].</summary>
    private protected Matrix<T> OutputCotangents { get; }

    /// <summary>Draws the noise, evaluates the batch and writes each observation with its action, (s, a), as a row of a critic's input.</summary>
    /// <param name="parameters">θ, or that of the target network.</param>
    /// <param name="observations">[at least rows × observation size]</param>
    /// <param name="noise">Where stochastic actors draw εᵢ from; null for the draws of the last call once more.</param>
    /// <param name="inputs">[at least rows × (observation size + action size)]</param>
    public abstract void Evaluate(FlatVector<T> parameters, Matrix<T> observations, int rows, RandomStream? noise, Matrix<T> inputs);

    /// <summary>gradient ← Σᵢ (cᵢ · ∂aᵢ/∂θ + dᵢ ∂ℓᵢ/∂θ).</summary>
    /// <param name="actions">c</param>
    /// <param name="logProbabilities">d</param>
    /// <param name="gradient">Storage length.</param>
    public abstract void Vjp(Matrix<T> actions, ReadOnlySpan<T> logProbabilities, Span<T> gradient);

    /// <summary>ȧᵢ ← ∂aᵢ/∂θ · v.</summary>
    /// <param name="direction">v, storage length.</param>
    /// <param name="actions">ȧ</param>
    public abstract void Jvp(ReadOnlySpan<T> direction, Matrix<T> actions);

    /// <summary>Fixes the cotangents c and d of <see cref="HessianProduct"/>.</summary>
    public abstract void SetCotangents(Matrix<T> actions, ReadOnlySpan<T> logProbabilities);

    /// <summary>result ← Σᵢ (cᵢ · ∂²aᵢ/∂θ² + dᵢ ∂²ℓᵢ/∂θ²) v.</summary>
    /// <param name="direction">v, storage length.</param>
    /// <param name="result">Storage length; must not overlap the direction.</param>
    public abstract void HessianProduct(ReadOnlySpan<T> direction, Span<T> result);

    /// <summary>Copies the observations of a batch into a critic's input.</summary>
    private protected static void CopyObservations(Matrix<T> observations, int rows, Matrix<T> inputs)
    {
        for (int i = 0; i < rows; i++)
        {
            observations.Row(i).CopyTo(inputs.Row(i));
        }
    }
}
