using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>InvertedDoublePendulum-v4</c>: a cart is to keep two poles upright, one on top of the other (dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (11): position of the cart, sines and cosines of both angles, the three velocities and the three forces of constraints, the
/// last six clipped to [−10, 10]. Action (1): force on the cart, in units of 500 N, clamped to [−1, 1] by the engine. Reward: 10 − 0.01 x²
/// − (y − 2)² − 0.001 ω₁² − 0.005 ω₂² with the tip at (x, y). Terminated when the tip is at 1 m or lower.
/// </remarks>
public sealed class InvertedDoublePendulum : MujocoEnvironment
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (9100).</summary>
    public static readonly EnvironmentSpec Specification = new("InvertedDoublePendulum-v4", 1000, 9100)
    {
        Description = "A cart keeps two poles upright, one on top of the other (MuJoCo).",
    };

    private const int EngineStepsPerStep = 5;
    private const double LargestObserved = 10;
    private const double LowestTip = 1;

    private readonly InvertedDoublePendulumOptions options;
    private readonly int tip;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public InvertedDoublePendulum(InvertedDoublePendulumOptions? options = null)
        : base(Specification, "inverted_double_pendulum.xml", EngineStepsPerStep, observationSize: 11)
    {
        this.options = options ?? new InvertedDoublePendulumOptions();
        tip = Model.SiteId("tip");
    }

    /// <inheritdoc/>
    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        AddUniformNoise(random, qpos, options.ResetNoiseScale);
        AddNormalNoise(random, qvel, options.ResetNoiseScale);
    }

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        double x = Data.SitePositions[3 * tip];
        double y = Data.SitePositions[(3 * tip) + 2];
        ReadOnlySpan<double> velocities = Data.Qvel;
        double distance = (0.01 * x * x) + ((y - 2) * (y - 2));
        double turning = (1e-3 * velocities[1] * velocities[1]) + (5e-3 * velocities[2] * velocities[2]);
        return (options.HealthyReward - distance - turning, y <= LowestTip);
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        ReadOnlySpan<double> qpos = Data.Qpos;
        observation[0] = qpos[0];
        (observation[1], observation[3]) = (Math.Sin(qpos[1]), Math.Cos(qpos[1]));
        (observation[2], observation[4]) = (Math.Sin(qpos[2]), Math.Cos(qpos[2]));
        Clip(Data.Qvel, -LargestObserved, LargestObserved, observation[5..]);
        Clip(Data.ConstraintForces, -LargestObserved, LargestObserved, observation[8..]);
    }
}
