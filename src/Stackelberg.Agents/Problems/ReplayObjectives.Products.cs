using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Problems;

/// <content>What the leader's implicit term is made of. No second derivative of the actor is needed where the actor leads.</content>
internal sealed partial class ReplayObjectives<T>
{
    private Products Second => products ?? throw new InvalidOperationException("Without a leader there are no second-order products; set leader=actor or leader=critic.");

    public double CriticLoss()
    {
        double sum = 0;
        for (int k = 0; k < (criticLeads && IsBellman ? networks.Length : actorCritics); k++)
        {
            sum += MeanSquaredError((IsBellman ? networks[k].AtBatch : networks[k].AtPolicy).Outputs);
        }

        return sum;
    }

    public void ActorLossByCritic(Span<T> result) => Second.ActorLossByCritic(result);

    public void CriticLossByCritic(Span<T> result)
    {
        for (int k = 0; k < actorCritics; k++)
        {
            if (IsBellman)
            {
                networks[k].AtBatch.LossGradient(Part(result, k));
            }
            else
            {
                // of-means has no need of the loss at the actor's actions, so that it may not be set
                networks[k].AtPolicy.SetSquaredLoss(Targets);
                networks[k].AtPolicy.LossGradient(Part(result, k));
            }
        }
    }

    public void CriticLossByActor(Span<T> result) => Second.CriticLossByActor(result);

    public void CriticMixedProduct(ReadOnlySpan<T> v, Span<T> result) => Second.CriticMixedProduct(v, result);

    public void ActorMixedProduct(ReadOnlySpan<T> v, Span<T> result) => Second.ActorMixedProduct(v, result);

    public ILinearOperator<T> ActorCurvature(Curvature kind) => Second.ActorCurvature(kind);

    public ILinearOperator<T> CriticCurvature(Curvature kind) => Second.CriticCurvature(kind);

    private sealed class Products
    {
        private readonly ReplayObjectives<T> game;
        private readonly HypergradientOptions hypergradient;
        private readonly FlatVector<T> criticGradient, actorGradient, actorSum;
        private readonly Matrix<T> inputCotangents, inputTangents, inputs, actions, column, errors;
        private readonly T[] weights, logs, noLogs;
        private readonly ILinearOperator<T> criticHessian, criticGaussNewton, actorHessian, actionMetric;
        private bool hasCotangents, hasActorGradient;

        public Products(ReplayObjectives<T> game)
        {
            this.game = game;
            hypergradient = game.options.Leading.Hypergradient;
            int rows = game.Batch.Rows;
            int size = game.Actor.Parameters.Length;
            (criticGradient, actorGradient, actorSum) = (new FlatVector<T>(game.CriticDimension), new FlatVector<T>(size), new FlatVector<T>(size));
            (inputCotangents, inputTangents, inputs) = (Inputs(), Inputs(), Inputs());
            (actions, column, errors) = (new Matrix<T>(rows, game.policy.ActionSize), new Matrix<T>(rows, 1), new Matrix<T>(rows, 1));
            (weights, logs, noLogs) = (new T[rows], new T[rows], new T[rows]);
            Linearisation<T>[] places = [.. game.networks[..game.actorCritics].Select(n => game.IsBellman ? n.AtBatch : n.AtPolicy)];
            criticHessian = places.Length == 1 ? new NetworkHessian<T>(places[0]) : new DirectSumOperator<T>([.. places.Select(p => new NetworkHessian<T>(p))]);
            criticGaussNewton = IsOfMeans ? OfMeans()
                : places.Length == 1 ? new NetworkGaussNewton<T>(places[0])
                : new DirectSumGaussNewton<T>([.. places.Select(p => new NetworkGaussNewton<T>(p))]);
            actorHessian = OverActor(OperatorProperties.Symmetric, ActorHessian);
            actionMetric = OverActor(OperatorProperties.PositiveSemidefinite, ActionMetric);

            Matrix<T> Inputs() => new(rows, game.policyInputs.Columns);

            DelegateOperator<T> OverActor(OperatorProperties properties, OperatorProduct<T> product) =>
                new(game.Actor.Parameters.Length, game.Actor.Layout.Coordinates, properties, product);
        }

        // what a linear system is made of; methods without one differentiate L itself
        private bool IsOfMeans => hypergradient is { Method: HypergradientMethod.Implicit, Curvature: Curvature.GaussNewton, OuterProduct: OuterProduct.OfMeans };

        private bool HasErrorTerms => hypergradient.ErrorTerms || hypergradient.Method != HypergradientMethod.Implicit;

        public void Prepare()
        {
            if (!game.criticLeads && !game.IsBellman && !IsOfMeans)
            {
                for (int k = 0; k < game.actorCritics; k++)
                {
                    game.networks[k].AtPolicy.SetSquaredLoss(game.Targets);
                }
            }

            (hasCotangents, hasActorGradient) = (false, false);
        }

        /// <summary>Keeps ∂f_A/∂θ where the mixed product is a multiple of it.</summary>
        public void TakeActorGradient(ReadOnlySpan<T> gradient)
        {
            if (IsOfMeans)
            {
                gradient.CopyTo(actorGradient.Span);
                hasActorGradient = true;
            }
        }

        /// <summary>∂f_A/∂w_k and, in the same pass, the part of ∂f_A/∂a that goes through Q_k.</summary>
        public void TakeCriticGradient(int k)
        {
            game.networks[k].AtPolicy.Vjp(game.valueWeights[k], game.Part(criticGradient.Span, k), inputCotangents: inputCotangents);
            TakeActionColumns(inputCotangents, game.actionCotangents, accumulate: k > 0);
        }

        /// <summary>∂f_A/∂w_k = −mean over the rows where Q_k is the smallest of ∇Q_k(s, a_θ(s)).</summary>
        public void ActorLossByCritic(Span<T> result)
        {
            if (!game.criticLeads)
            {
                criticGradient.Span.CopyTo(result);
                return;
            }

            for (int k = 0; k < game.actorCritics; k++)
            {
                game.networks[k].AtPolicy.Vjp(game.valueWeights[k], game.Part(result, k));
            }
        }

        /// <summary>∂L/∂θ: −(2/B) Σᵢ Σ_k (Q_k − yᵢ) ∂yᵢ/∂θ, or (2/B) Σᵢ Σ_k (Q_k − yᵢ) ∂_θ Q_k(sᵢ, a_θ(sᵢ)).</summary>
        public void CriticLossByActor(Span<T> result)
        {
            T scale = T.CreateTruncating((game.IsBellman ? -2.0 : 2.0) / game.Batch.Rows);
            int count = game.IsBellman && game.criticLeads ? game.networks.Length : game.actorCritics;
            for (int k = 0; k < count; k++)
            {
                Linearisation<T> q = game.IsBellman ? game.networks[k].AtBatch : game.networks[k].AtPolicy;
                for (int i = 0; i < weights.Length; i++)
                {
                    T error = scale * (q.Outputs.Span[i] - game.Targets[i]);
                    weights[i] = (k == 0 ? T.Zero : weights[i]) + error;
                    column.Span[i] = error;
                }

                if (!game.IsBellman)
                {
                    game.AddActionVjp(q, column, actions, accumulate: k > 0);
                }
            }

            if (game.IsBellman)
            {
                TargetVjp(result);
            }
            else
            {
                game.AtObservations.Vjp(actions, noLogs, result);
            }
        }

        public void CriticMixedProduct(ReadOnlySpan<T> v, Span<T> result)
        {
            if (IsOfMeans)
            {
                // k₁ = 2 ḡ_θ ḡ_wᵀ, and ∂f_A/∂θ = −ḡ_θ, ∂f_A/∂w = −ḡ_w
                if (!hasActorGradient)
                {
                    game.ActorGradient(result);
                }

                actorGradient.Span.CopyTo(result);
                Vectors.Scale(result, 2 * Vectors.Dot<T>(criticGradient.Span, v));
            }
            else if (game.IsBellman)
            {
                BellmanProduct(v, result);
            }
            else
            {
                PolicyProduct(v, result);
            }
        }

        /// <summary>∂_w(∂_θ f_A · v) = Σ_k ∂_w Σᵢ (∂f_A/∂Q_k)ᵢ ∇_a Q_k(sᵢ, a) · uᵢ with uᵢ = ∂a_θ(sᵢ)/∂θ · v.</summary>
        public void ActorMixedProduct(ReadOnlySpan<T> v, Span<T> result)
        {
            game.AtObservations.Jvp(v, actions);
            ToInputTangents(actions, inputTangents);
            result.Clear();
            for (int k = 0; k < game.actorCritics; k++)
            {
                game.networks[k].AtPolicy.MixedParameterProduct(inputTangents, game.valueWeights[k], game.Part(result, k));
            }
        }

        public ILinearOperator<T> ActorCurvature(Curvature kind) => kind == Curvature.GaussNewton ? actionMetric : actorHessian;

        public ILinearOperator<T> CriticCurvature(Curvature kind) => kind == Curvature.GaussNewton ? criticGaussNewton : criticHessian;

        /// <summary>L = Σ_k mean (Q_k − y_θ)²: ∂_θ(∂_w L · v) = −(2/B) Σᵢ cᵢ ∂yᵢ/∂θ with cᵢ = Σ_k ∇Q_k(sᵢ, aᵢ) · v_k.</summary>
        private void BellmanProduct(ReadOnlySpan<T> v, Span<T> result)
        {
            T scale = T.CreateTruncating(-2.0 / game.Batch.Rows);
            for (int k = 0; k < game.actorCritics; k++)
            {
                game.networks[k].AtBatch.Jvp(game.Part(v, k), column);
                for (int i = 0; i < weights.Length; i++)
                {
                    weights[i] = (k == 0 ? T.Zero : weights[i]) + (scale * column.Span[i]);
                }
            }

            TargetVjp(result);
        }

        /// <summary>
        /// L = Σ_k mean (Q_k(s, a_θ(s)) − y)²: ∂_θ(∂_w L · v) = (2/B) Σᵢ Σ_k [(∇_w Q_k · v_k) ∂_θ Q_k + (Q_k − yᵢ) ∂_θ(∇_w Q_k · v_k)]; the second part
        /// is that of <see cref="HypergradientOptions.ErrorTerms"/>.
        /// </summary>
        private void PolicyProduct(ReadOnlySpan<T> v, Span<T> result)
        {
            T scale = T.CreateTruncating(2.0 / game.Batch.Rows);
            for (int k = 0; k < game.actorCritics; k++)
            {
                Linearisation<T> q = game.networks[k].AtPolicy;
                q.Jvp(game.Part(v, k), column);
                for (int i = 0; i < weights.Length; i++)
                {
                    column.Span[i] *= scale;
                    errors.Span[i] = scale * (q.Outputs.Span[i] - game.Targets[i]);
                }

                Matrix<T> into = k == 0 ? actions : game.otherActions;
                q.InputVjp(column, game.policy.Layout.Inputs, into);
                if (HasErrorTerms)
                {
                    q.MixedInputProduct(game.Part(v, k), errors, inputs);
                    TakeActionColumns(inputs, into, accumulate: true);
                }

                if (k > 0)
                {
                    Vectors.AddScaled<T>(actions.Span, 1, game.otherActions.Span);
                }
            }

            game.AtObservations.Vjp(actions, noLogs, result);
        }

        /// <summary>result ← Σᵢ weightᵢ ∂yᵢ/∂θ, at targets that were taken at the current actor.</summary>
        private void TargetVjp(Span<T> result)
        {
            T gamma = T.CreateTruncating(game.options.Gamma), alpha = T.CreateTruncating(game.Alpha);
            for (int k = 0; k < game.networks.Length; k++)
            {
                for (int i = 0; i < weights.Length; i++)
                {
                    T weight = gamma * game.Batch.Continues[i] * weights[i];
                    column.Span[i] = game.smallest[i] == k ? weight : T.Zero;
                    logs[i] = -alpha * weight;
                }

                game.AddActionVjp(game.networks[k].AtNext, column, actions, accumulate: k > 0);
            }

            game.Smoothing?.Mask(actions);
            game.AtNext.Vjp(actions, logs, result);
        }

        /// <summary>∂²f_A/∂θ² v = Jᵀ(∂²f_A/∂a²)J v plus the curvature of the actor itself: indefinite, for where Q is convex in the action f_A is concave.</summary>
        private void ActorHessian(ReadOnlySpan<T> v, Span<T> result)
        {
            if (!hasCotangents)
            {
                game.AtObservations.SetCotangents(game.actionCotangents, game.logCotangents);
                hasCotangents = true;
            }

            game.AtObservations.Jvp(v, actions);
            ToInputTangents(actions, inputTangents);
            for (int k = 0; k < game.actorCritics; k++)
            {
                game.networks[k].AtPolicy.InputHessianProduct(inputTangents, game.valueWeights[k], inputs);
                TakeActionColumns(inputs, actions, accumulate: k > 0);
            }

            game.AtObservations.Vjp(actions, noLogs, actorSum.Span);
            game.AtObservations.HessianProduct(v, result);
            Vectors.AddScaled<T>(result, 1, actorSum.Span);
        }

        /// <summary>
        /// (1/B) Σᵢ JᵢᵀJᵢ with the actions' Jacobians Jᵢ = ∂a_θ(sᵢ)/∂θ: the Fisher information of a Gaussian of unit variance around the actor, positive
        /// semidefinite where the Hessian is not.
        /// </summary>
        private void ActionMetric(ReadOnlySpan<T> v, Span<T> result)
        {
            game.AtObservations.Jvp(v, actions);
            Vectors.Scale<T>(actions.Span, 1.0 / game.Batch.Rows);
            game.AtObservations.Vjp(actions, noLogs, result);
        }

        private RankOneOperator<T> OfMeans()
        {
            CoordinateMap coordinates = game.critics.Layout.Parameters.Coordinates;
            return new RankOneOperator<T>(
                criticGradient, CoordinateMap.Concatenate([.. Enumerable.Repeat((coordinates, game.length), game.actorCritics)]), scale: 2);
        }

        /// <summary>result ← tangents of a critic's input that moves in its actions alone; its other columns are zero and stay so.</summary>
        private void ToInputTangents(Matrix<T> from, Matrix<T> result)
        {
            for (int i = 0; i < from.Rows; i++)
            {
                from.Row(i).CopyTo(result.Row(i)[game.policy.Layout.Inputs..]);
            }
        }

        /// <summary>result ← (or +=) the action columns of a critic's input or of cotangents of it.</summary>
        private void TakeActionColumns(Matrix<T> from, Matrix<T> result, bool accumulate)
        {
            for (int i = 0; i < result.Rows; i++)
            {
                ReadOnlySpan<T> row = from.Row(i)[game.policy.Layout.Inputs..];
                Span<T> to = result.Row(i);
                for (int j = 0; j < to.Length; j++)
                {
                    to[j] = accumulate ? to[j] + row[j] : row[j];
                }
            }
        }
    }
}
