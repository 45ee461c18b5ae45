using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Walker2d-v4</c>: a two-legged robot in the vertical plane is to walk forward without falling (dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (17): height, pitch and six joint angles; then the nine velocities, each clipped to [−10, 10]. Action (6): torques of hip,
/// knee and ankle of the right and the left leg, in units of 100 N·m, clamped to [−1, 1] by the engine. Reward: forward speed + 1 − 0.001
/// ‖a‖². Terminated when the height leaves (0.8, 2) m or the pitch (−1, 1) rad.
/// </remarks>
public sealed class Walker2d : WalkingTask
{
    /// <summary>Id and time limit (1000 steps); no reward threshold.</summary>
    public static readonly EnvironmentSpec Specification = new("Walker2d-v4", 1000, null)
    {
        Description = "A planar two-legged robot walks forward (MuJoCo).",
    };

    private const int EngineStepsPerStep = 4;

    private readonly Walker2dOptions options;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Walker2d(Walker2dOptions? options = null)
        : base(
            Specification, "walker2d.xml", EngineStepsPerStep,
            observationSize: 18, hiddenPositions: 1, options ??= new Walker2dOptions()) =>
        this.options = options;

    /// <inheritdoc/>
    protected override bool IsHealthy => Inside(options.HealthyZRange, Data.Qpos[1]) && Inside(options.HealthyAngleRange, Data.Qpos[2]);

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        base.Observe(observation);
        ClipVelocities(observation);
    }
}
