using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Humanoid-v4</c>: a humanoid is to walk along x without falling (Tassa, Erez and Todorov 2012; dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (376): height, orientation, joint angles and all velocities (45), then inertias (140) and velocities (84) of the 14 bodies,
/// the generalised forces of the actuators (23) and the external forces on the bodies (84). Action (17): joint torques, clamped to [−0.4,
/// 0.4] by the engine. Reward: 1.25 · speed of the centre of mass + 5 − 0.1 ‖a‖². Terminated when the torso's height leaves (1, 2) m.
/// </remarks>
public sealed class Humanoid : WalkingTask
{
    /// <summary>Id and time limit (1000 steps); no reward threshold.</summary>
    public static readonly EnvironmentSpec Specification = new("Humanoid-v4", 1000, null)
    {
        Description = "A humanoid walks forward (MuJoCo).",
    };

    private readonly HumanoidOptions options;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Humanoid(HumanoidOptions? options = null)
        : base(
            Specification, "humanoid.xml", HumanoidBody.EngineStepsPerStep, HumanoidBody.ObservationSize, HumanoidBody.HiddenPositions,
            options ??= new HumanoidOptions(), needsContactForces: true) => this.options = options;

    /// <inheritdoc/>
    protected override double ForwardPosition => HumanoidBody.CentreOfMass(Data);

    /// <inheritdoc/>
    protected override bool IsHealthy => Inside(options.HealthyZRange, Data.Qpos[2]);

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation) =>
        HumanoidBody.ObserveBodies(Data, observation[ObserveState(observation, FirstObserved)..]);
}
