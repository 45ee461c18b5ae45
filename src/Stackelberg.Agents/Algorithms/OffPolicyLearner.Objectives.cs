using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Algorithms;

public abstract partial class OffPolicyLearner<T>
{
    private readonly Matrix<T> criticCotangents;
    private readonly T[] logCotangents;
    private readonly int[] smallest;
    private Matrix<T>? targetSeeds, targetCotangents, inputCotangents;
    private T[]? targetLogCotangents;

    /// <summary>How many critics, from the first, the actor's loss takes the minimum of.</summary>
    internal int ActorCritics { get; }

    /// <summary>α, the weight of log π in actor's loss and targets; 0 for methods without entropy.</summary>
    internal virtual double Temperature => 0;

    /// <summary>The actor at s, after <see cref="ActorLossGradient"/>.</summary>
    internal ActorPoint<T> AtObservations { get; }

    /// <summary>The actor at s′, after <see cref="BellmanTargets"/>.</summary>
    internal ActorPoint<T> AtNext { get; }

    /// <summary>(s, a_θ(s)), [batch × (observation size + action size)].</summary>
    internal Matrix<T> PolicyInputs { get; }

    /// <summary>(s′, a′), [batch × (observation size + action size)].</summary>
    internal Matrix<T> NextInputs { get; }

    /// <summary>∂f₁/∂Q_k(sᵢ, a_θ(sᵢ)) of each critic the actor's loss takes the minimum of: −1/B where it is the smallest, else 0.</summary>
    internal Matrix<T>[] ValueWeights { get; }

    /// <summary>∂f₁/∂a_θ(sᵢ), [batch × action size], after <see cref="ActorLossGradient"/>.</summary>
    internal Matrix<T> ActionCotangents { get; }

    /// <summary>∂f₁/∂ℓᵢ = α/B.</summary>
    internal ReadOnlySpan<T> LogCotangents => logCotangents;

    /// <summary>y ← r + γ (1 − terminated) (min_k Q′_k(s′, a′) − α log π(a′ | s′)).</summary>
    internal void BellmanTargets()
    {
        AtNext.Evaluate(TargetActor, Batch.NextObservations, Batch.Rows, NoiseStream, NextInputs);
        AlterNextActions();
        for (int c = 0; c < Critics.Length; c++)
        {
            Linearisation<T> q = Critics[c].AtNext;
            q.Forward(Critics[c].Target, NextInputs, Batch.Rows);
            ReadOnlySpan<T> values = q.Outputs.Span;
            for (int i = 0; i < Targets.Length; i++)
            {
                if (c == 0 || values[i] < Targets[i])
                {
                    (Targets[i], smallest[i]) = (values[i], c);
                }
            }
        }

        if (Temperature != 0)
        {
            Vectors.AddScaled<T>(Targets, -Temperature, AtNext.LogProbabilities);
        }

        T gamma = T.CreateTruncating(options.Gamma);
        for (int i = 0; i < Targets.Length; i++)
        {
            Targets[i] = Batch.Rewards[i] + (gamma * Batch.Continues[i] * Targets[i]);
        }
    }

    /// <summary>gradient ← Σᵢ weightᵢ ∂yᵢ/∂θ, at targets that <see cref="BellmanTargets"/> took at the current actor.</summary>
    internal void TargetVjp(ReadOnlySpan<T> weights, FlatVector<T> gradient)
    {
        T gamma = T.CreateTruncating(options.Gamma);
        T alpha = T.CreateTruncating(Temperature);
        Matrix<T> seeds = targetSeeds ??= new Matrix<T>(Batch.Rows, 1);
        Matrix<T> actions = targetCotangents ??= new Matrix<T>(Batch.Rows, Actor.ActionSize);
        T[] logs = targetLogCotangents ??= new T[Batch.Rows];
        for (int c = 0; c < Critics.Length; c++)
        {
            for (int i = 0; i < Batch.Rows; i++)
            {
                T weight = gamma * Batch.Continues[i] * weights[i];
                seeds.Span[i] = smallest[i] == c ? weight : T.Zero;
                logs[i] = -alpha * weight;
            }

            AddActionVjp(Critics[c].AtNext, seeds, actions, accumulate: c > 0);
        }

        MaskNextActions(actions);
        AtNext.Vjp(actions, logs, gradient);
    }

    /// <summary>Gradient ← ∂f₁/∂θ of f₁ = mean (α log π(a | s) − min_k Q_k(s, a)) at a = a_θ(s); returns f₁.</summary>
    /// <param name="criticGradients">If given, ← ∂f₁/∂w_k of each critic the loss takes the minimum of, in the same pass.</param>
    internal double ActorLossGradient(FlatVector<T>[]? criticGradients = null)
    {
        AtObservations.Evaluate(Actor.Parameters, Batch.Observations, Batch.Rows, NoiseStream, PolicyInputs);
        for (int c = 0; c < ActorCritics; c++)
        {
            Critics[c].AtPolicy.Forward(Critics[c].Parameters, PolicyInputs, Batch.Rows);
        }

        double loss = WeighValues();
        if (Temperature != 0)
        {
            T alpha = T.CreateTruncating(Temperature / Batch.Rows);
            logCotangents.AsSpan().Fill(alpha);
            for (int i = 0; i < Batch.Rows; i++)
            {
                loss += double.CreateTruncating(alpha * AtObservations.LogProbabilities[i]);
            }
        }

        for (int c = 0; c < ActorCritics; c++)
        {
            if (criticGradients is null)
            {
                AddActionVjp(Critics[c].AtPolicy, ValueWeights[c], ActionCotangents, accumulate: c > 0);
            }
            else
            {
                inputCotangents ??= new Matrix<T>(Batch.Rows, PolicyInputs.Columns);
                Critics[c].AtPolicy.Vjp(ValueWeights[c], criticGradients[c], inputCotangents: inputCotangents);
                TakeActionColumns(inputCotangents, ActionCotangents, accumulate: c > 0);
            }
        }

        AtObservations.Vjp(ActionCotangents, logCotangents, ActorGradient);
        return loss;
    }

    /// <summary>Critic.Gradient ← ∂L/∂w of every critic, L = Σ_k mean (Q_k(s, a) − y)². Returns the mean over critics.</summary>
    /// <param name="fix">Whether to keep the loss for second-order products.</param>
    internal double CriticGradients(bool fix = false)
    {
        double loss = 0;
        foreach (QCritic<T> critic in Critics)
        {
            loss += fix
                ? critic.FixLoss(Batch.Inputs, Targets, Batch.Rows)
                : critic.LossGradient(Batch.Inputs, Targets, Batch.Rows);
        }

        return loss / Critics.Length;
    }

    /// <summary>w ← Adam(w, Gradient) for every critic; with <paramref name="track"/> the target networks follow.</summary>
    internal void StepCritics(bool track)
    {
        foreach (QCritic<T> critic in Critics)
        {
            if (track)
            {
                critic.StepAndTrack(options.Polyak);
            }
            else
            {
                critic.Step();
            }
        }
    }

    /// <summary>The critics' target networks follow.</summary>
    internal void TrackCritics() => Array.ForEach(Critics, c => c.Track(options.Polyak));

    /// <summary>θ ← Adam(θ, ActorGradient); with <paramref name="track"/> the target actor follows.</summary>
    internal void StepActor(bool track)
    {
        if (track)
        {
            actorOptimiser.StepAndTrack(Actor.Parameters, ActorGradient, Actor.Target, options.Polyak);
        }
        else
        {
            actorOptimiser.Step(Actor.Parameters, ActorGradient);
        }

        ActorStepped();
    }

    /// <summary>result ← (or +=) Σ seedᵢ ∂Q(sᵢ, aᵢ)/∂aᵢ, [batch × action size].</summary>
    internal void AddActionVjp(Linearisation<T> critic, Matrix<T> seeds, Matrix<T> result, bool accumulate)
    {
        Matrix<T> target = accumulate ? criticCotangents : result;
        critic.InputVjp(seeds, Actor.Layout.Inputs, target);
        if (accumulate)
        {
            Vectors.AddScaled<T>(result.Span, 1, target.Span);
        }
    }

    /// <summary>result ← tangents of a critic's input that moves in its actions alone.</summary>
    /// <param name="actions">[batch × action size]</param>
    /// <param name="result">[batch × (observation size + action size)]; its columns of observations must be zero already.</param>
    internal void ToInputTangents(Matrix<T> actions, Matrix<T> result)
    {
        for (int i = 0; i < Batch.Rows; i++)
        {
            actions.Row(i).CopyTo(result.Row(i)[Actor.Layout.Inputs..]);
        }
    }

    /// <summary>result ← (or +=) the action columns of a critic's input or of cotangents of it.</summary>
    internal void TakeActionColumns(Matrix<T> inputs, Matrix<T> result, bool accumulate)
    {
        for (int i = 0; i < result.Rows; i++)
        {
            ReadOnlySpan<T> from = inputs.Row(i)[Actor.Layout.Inputs..];
            Span<T> to = result.Row(i);
            for (int j = 0; j < to.Length; j++)
            {
                to[j] = accumulate ? to[j] + from[j] : from[j];
            }
        }
    }

    /// <summary>Changes the next actions of <see cref="NextInputs"/> before the target critics see them.</summary>
    private protected virtual void AlterNextActions()
    {
    }

    /// <summary>Clears cotangents of next actions that do not depend on the actor, such as clipped ones.</summary>
    private protected virtual void MaskNextActions(Matrix<T> cotangents)
    {
    }

    private FlatVector<T> TargetActor => options.TargetPolicy == TargetPolicy.Current ? Actor.Parameters : Actor.Target;

    /// <summary>ValueWeights ← where each critic is the smallest; returns −mean min_k Q_k.</summary>
    private double WeighValues()
    {
        double sum = 0;
        T weight = T.CreateTruncating(-1.0 / Batch.Rows);
        ReadOnlySpan<T> first = Critics[0].AtPolicy.Outputs.Span;
        ReadOnlySpan<T> second = ActorCritics > 1 ? Critics[1].AtPolicy.Outputs.Span : first;
        for (int i = 0; i < Batch.Rows; i++)
        {
            bool takesSecond = second[i] < first[i];
            if (ActorCritics > 1)
            {
                ValueWeights[0].Span[i] = takesSecond ? T.Zero : weight;
                ValueWeights[1].Span[i] = takesSecond ? weight : T.Zero;
            }

            sum += double.CreateTruncating(takesSecond ? second[i] : first[i]);
        }

        return -sum / Batch.Rows;
    }
}
