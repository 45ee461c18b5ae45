using System.Numerics;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>
/// A Gaussian squashed onto a bounded box of actions: a = centre + half range ∘ tanh(u), u = μ_θ(s) + ε ∘ σ_θ(s) with ε ~ N(0, I). The network's
/// outputs are μ and then log σ, one of each per action; log σ is clipped to [<see cref="MinimumLogStd"/>, <see cref="MaximumLogStd"/>] and has no
/// derivative where it is clipped.
/// </summary>
/// <remarks>
/// Haarnoja, Zhou, Abbeel, Levine: Soft Actor-Critic (ICML 2018), appendix C. In units of half the action range
/// log π(a | s) = Σⱼ [−εⱼ²/2 − log σⱼ − log(2π)/2 − log(1 − tanh² uⱼ)]; in units of the action Σⱼ log (half range)ⱼ less.
/// </remarks>
public sealed partial class SquashedGaussianActor<T> : ReparameterisedActor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Smallest log σ.</summary>
    public const double MinimumLogStd = -20;

    /// <summary>Largest log σ.</summary>
    public const double MaximumLogStd = 2;

    /// <summary>Allocates and initialises an actor.</summary>
    /// <param name="units">Of actions, in log π.</param>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds, or one of no width where that has to be a unit.</exception>
    public SquashedGaussianActor(Space observations, Space actions, NetworkOptions options, RandomStream random, ActionUnits units = ActionUnits.HalfRange)
        : base(observations, actions, options, outputsPerAction: 2, Activation.Identity, random)
    {
        foreach (T half in HalfRange)
        {
            LogUnits += units == ActionUnits.HalfRange ? 0 : Math.Log(double.CreateTruncating(half));
        }

        if (!double.IsFinite(LogUnits))
        {
            throw new NotSupportedException($"entropy_units=action needs actions of some width, and {actions} has a number with none; use entropy_units=half-range.");
        }
    }

    /// <summary>What log π in units of half the action range is reduced by: Σ log (half range), or 0 in those units.</summary>
    internal double LogUnits { get; }

    /// <inheritdoc/>
    public override void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        ReadOnlySpan<T> output = Outputs(observation);
        for (int j = 0; j < action.Length; j++)
        {
            double u = double.CreateTruncating(output[j]);
            if (mode == PolicyMode.Stochastic)
            {
                double logStd = Math.Clamp(double.CreateTruncating(output[action.Length + j]), MinimumLogStd, MaximumLogStd);
                u += Math.Exp(logStd) * random.NextNormal();
            }

            action[j] = Scale(j, T.CreateTruncating(Math.Tanh(u)));
        }
    }

    /// <inheritdoc/>
    public override void Explore(ReadOnlySpan<double> observation, Span<double> action, double deviation, RandomStream random) =>
        Act(observation, action, PolicyMode.Stochastic, random);

    /// <inheritdoc/>
    public override ActorPoint<T> CreatePoint(int maximumRows, RowParallelism? parallelism) => new Point(this, maximumRows, parallelism);
}
