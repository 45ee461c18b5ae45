using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Swimmer-v4</c>: three links in a viscous fluid are to swim forward (Coulom 2002; dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (8): heading and two joint angles; then the five velocities. Action (2): torques of the joints, in units of 150 N·m, clamped
/// to [−1, 1] by the engine. Reward: speed along x − 0.0001 ‖a‖². Never terminates.
/// </remarks>
public sealed class Swimmer : LocomotionTask
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (360).</summary>
    public static readonly EnvironmentSpec Specification = new("Swimmer-v4", 1000, 360)
    {
        Description = "Three links swim in a viscous fluid (MuJoCo).",
    };

    private const int EngineStepsPerStep = 4;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Swimmer(SwimmerOptions? options = null)
        : base(Specification, "swimmer.xml", EngineStepsPerStep, observationSize: 10, hiddenPositions: 2, options ?? new SwimmerOptions())
    {
    }
}
