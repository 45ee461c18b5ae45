using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Hopper-v4</c>: a one-legged robot in the vertical plane is to hop forward without falling (Erez, Tassa and Todorov 2011; dynamics and
/// reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (11): height, pitch and three joint angles; then the six velocities, each clipped to [−10, 10]. Action (3): torques of hip,
/// knee and ankle, in units of 200 N·m, clamped to [−1, 1] by the engine. Reward: forward speed + 1 − 0.001 ‖a‖². Terminated when the torso
/// is lower than 0.7 m, leans by 0.2 rad or more, or a coordinate or velocity leaves (−100, 100).
/// </remarks>
public sealed class Hopper : WalkingTask
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (3800).</summary>
    public static readonly EnvironmentSpec Specification = new("Hopper-v4", 1000, 3800)
    {
        Description = "A planar one-legged robot hops forward (MuJoCo).",
    };

    private const int EngineStepsPerStep = 4;

    private readonly HopperOptions options;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Hopper(HopperOptions? options = null)
        : base(
            Specification, "hopper.xml", EngineStepsPerStep,
            observationSize: 12, hiddenPositions: 1, options ??= new HopperOptions()) =>
        this.options = options;

    /// <inheritdoc/>
    protected override bool IsHealthy =>
        Inside(options.HealthyZRange, Data.Qpos[1])
        && Inside(options.HealthyAngleRange, Data.Qpos[2])
        && AllInside(options.HealthyStateRange, Data.Qpos[2..])
        && AllInside(options.HealthyStateRange, Data.Qvel);

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        base.Observe(observation);
        ClipVelocities(observation);
    }

    private static bool AllInside((double Low, double High) range, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!Inside(range, value))
            {
                return false;
            }
        }

        return true;
    }
}
