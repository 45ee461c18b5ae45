using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

public sealed partial class SquashedGaussianActor<T>
{
    /// <summary>
    /// With λ the network's output for log σ, δ = ε σ and t = tanh u: ∂a/∂u = half range (1 − t²), ∂ℓ/∂u = 2t, and both reach μ by ∂u/∂μ = 1 and λ by
    /// ∂u/∂λ = δ; besides, ∂ℓ/∂λ at fixed u is −1. Where log σ is clipped nothing reaches λ.
    /// </summary>
    private sealed class Point(SquashedGaussianActor<T> actor, int maximumRows, RowParallelism? parallelism)
        : ActorPoint<T>(actor, maximumRows, parallelism)
    {
        private static readonly T Two = T.CreateTruncating(2);
        private static readonly T LogTwo = T.CreateTruncating(Math.Log(2));
        private static readonly T HalfLogTwoPi = T.CreateTruncating(0.5 * Math.Log(2 * Math.PI));
        private static readonly T Minimum = T.CreateTruncating(MinimumLogStd);
        private static readonly T Maximum = T.CreateTruncating(MaximumLogStd);

        private readonly int size = actor.ActionSize;
        private readonly T minusLogUnits = T.CreateTruncating(0 - actor.LogUnits);
        private readonly T[] draws = new T[maximumRows * actor.ActionSize];

        // t; 1 − t²; ∂u/∂λ = δ and −∂ℓ/∂λ at fixed u = 1, both 0 where log σ is clipped
        private readonly T[] tanh = new T[maximumRows * actor.ActionSize];
        private readonly T[] slope = new T[maximumRows * actor.ActionSize];
        private readonly T[] deviation = new T[maximumRows * actor.ActionSize];
        private readonly T[] free = new T[maximumRows * actor.ActionSize];
        private readonly Matrix<T> tangents = new(maximumRows, 2 * actor.ActionSize);
        private SecondOrder? second;

        public override ReadOnlySpan<T> Draws => draws.AsSpan(0, Linearisation.Rows * size);

        public override void Evaluate(FlatVector<T> parameters, Matrix<T> observations, int rows, RandomStream? noise, Matrix<T> inputs)
        {
            Linearisation.Forward(parameters, observations, rows);
            CopyObservations(observations, rows, inputs);
            noise?.FillNormals(draws.AsSpan(0, rows * size));
            ReadOnlySpan<T> half = Actor.HalfRange;
            ReadOnlySpan<T> centre = Actor.Centre;
            int k = 0;
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<T> output = Linearisation.Outputs.Row(i);
                Span<T> action = inputs.Row(i)[observations.Columns..];
                T logProbability = minusLogUnits;
                for (int j = 0; j < action.Length; j++, k++)
                {
                    T logStd = T.Clamp(output[size + j], Minimum, Maximum);
                    T epsilon = draws[k];
                    T delta = epsilon * T.Exp(logStd);
                    T u = output[j] + delta;

                    // from e^(−2|u|), as 1 − t² itself loses everything where t rounds to ±1
                    T magnitude = T.Abs(u);
                    T decay = T.Exp(-Two * magnitude);
                    T inverse = T.One / (T.One + decay);
                    T logSlope = Two * (LogTwo - magnitude - T.Log(T.One + decay));
                    tanh[k] = T.CopySign((T.One - decay) * inverse, u);
                    slope[k] = Two * Two * decay * inverse * inverse;
                    (deviation[k], free[k]) = logStd == output[size + j] ? (delta, T.One) : (T.Zero, T.Zero);
                    action[j] = T.FusedMultiplyAdd(half[j], tanh[k], centre[j]);
                    logProbability -= (epsilon * epsilon / Two) + logStd + HalfLogTwoPi + logSlope;
                }

                LogProbabilities[i] = logProbability;
            }
        }

        public override void Vjp(Matrix<T> actions, ReadOnlySpan<T> logProbabilities, Span<T> gradient)
        {
            ToOutputs(actions, logProbabilities);
            Linearisation.Vjp(OutputCotangents, gradient);
        }

        public override void Jvp(ReadOnlySpan<T> direction, Matrix<T> actions)
        {
            Linearisation.Jvp(direction, tangents);
            ReadOnlySpan<T> half = Actor.HalfRange;
            int k = 0;
            for (int i = 0; i < Linearisation.Rows; i++)
            {
                ReadOnlySpan<T> from = tangents.Row(i);
                Span<T> to = actions.Row(i);
                for (int j = 0; j < to.Length; j++, k++)
                {
                    to[j] = half[j] * slope[k] * (from[j] + (deviation[k] * from[size + j]));
                }
            }
        }

        public override void SetCotangents(Matrix<T> actions, ReadOnlySpan<T> logProbabilities)
        {
            second ??= new SecondOrder(Actor.Layout, LogProbabilities.Length, size);
            ToOutputs(actions, logProbabilities);
            Linearisation.SetLoss(OutputCotangents, second.NoCurvature);
            ReadOnlySpan<T> half = Actor.HalfRange;
            int k = 0;
            for (int i = 0; i < Linearisation.Rows; i++)
            {
                ReadOnlySpan<T> cotangent = actions.Row(i);
                T log = logProbabilities[i];
                for (int j = 0; j < cotangent.Length; j++, k++)
                {
                    // ∂² of c · a + d ℓ by u twice, and what ∂²u/∂λ² = δ adds by λ twice
                    second.Curvature[k] = Two * slope[k] * (log - (cotangent[j] * half[j] * tanh[k]));
                    second.Bend[k] = deviation[k] * OutputCotangents.Row(i)[j];
                }
            }
        }

        public override void HessianProduct(ReadOnlySpan<T> direction, Span<T> result)
        {
            // the network's own curvature, and Jᵀ D J with D the 2 × 2 curvature by (μ, λ) of each action
            SecondOrder fixedPoint = second ?? throw new InvalidOperationException("No cotangents are set at this point; call SetCotangents after Evaluate.");
            Linearisation.Hvp(direction, result);
            Linearisation.Jvp(direction, tangents);
            int k = 0;
            for (int i = 0; i < Linearisation.Rows; i++)
            {
                Span<T> row = tangents.Row(i);
                for (int j = 0; j < size; j++, k++)
                {
                    T delta = deviation[k];
                    T moved = fixedPoint.Curvature[k] * (row[j] + (delta * row[size + j]));
                    row[j] = moved;
                    row[size + j] = (delta * moved) + (fixedPoint.Bend[k] * row[size + j]);
                }
            }

            Linearisation.Vjp(tangents, fixedPoint.Product);
            Vectors.AddScaled<T>(result, 1, fixedPoint.Product.Span);
        }

        /// <summary>OutputCotangents ← cᵢ · ∂aᵢ/∂output + dᵢ ∂ℓᵢ/∂output.</summary>
        private void ToOutputs(Matrix<T> actions, ReadOnlySpan<T> logProbabilities)
        {
            ReadOnlySpan<T> half = Actor.HalfRange;
            int k = 0;
            for (int i = 0; i < Linearisation.Rows; i++)
            {
                ReadOnlySpan<T> from = actions.Row(i);
                Span<T> to = OutputCotangents.Row(i);
                T log = logProbabilities[i];
                for (int j = 0; j < from.Length; j++, k++)
                {
                    T byU = (from[j] * half[j] * slope[k]) + (Two * log * tanh[k]);
                    to[j] = byU;
                    to[size + j] = (byU * deviation[k]) - (free[k] * log);
                }
            }
        }
    }

    /// <summary>Room for Hessian products, and what is fixed for them.</summary>
    private sealed class SecondOrder(MlpLayout layout, int maximumRows, int size)
    {
        public Matrix<T> NoCurvature { get; } = new(maximumRows, layout.Outputs);

        public FlatVector<T> Product { get; } = new(layout.Parameters.Length);

        public T[] Curvature { get; } = new T[maximumRows * size];

        public T[] Bend { get; } = new T[maximumRows * size];
    }
}
