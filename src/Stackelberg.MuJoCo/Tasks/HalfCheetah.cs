using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>HalfCheetah-v4</c>: a two-legged animal in the vertical plane is to run (Wawrzyński 2009; dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (17): height, pitch and six joint angles; then the nine velocities. Action (6): torques of thigh, shin and foot of the back
/// and the front leg, in units of 120, 90, 60, 120, 60 and 30 N·m, clamped to [−1, 1] by the engine. Reward: forward speed − 0.1 ‖a‖².
/// Never terminates.
/// </remarks>
public sealed class HalfCheetah : LocomotionTask
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (4800).</summary>
    public static readonly EnvironmentSpec Specification = new("HalfCheetah-v4", 1000, 4800)
    {
        Description = "A planar two-legged animal runs (MuJoCo).",
    };

    private const int EngineStepsPerStep = 5;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public HalfCheetah(HalfCheetahOptions? options = null)
        : base(
            Specification, "half_cheetah.xml", EngineStepsPerStep,
            observationSize: 18, hiddenPositions: 1, options ?? new HalfCheetahOptions())
    {
    }

    /// <inheritdoc/>
    protected override bool HasNormalVelocityNoise => true;
}
