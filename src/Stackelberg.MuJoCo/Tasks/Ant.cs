using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Ant-v4</c>: a four-legged robot is to walk along x without turning over (Schulman, Moritz, Levine, Jordan and Abbeel 2015; dynamics
/// and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (27): height, orientation as a quaternion and eight joint angles; then the fourteen velocities; 84 clipped external forces
/// on request. Action (8): torques of hip and ankle of each leg, in units of 150 N·m, clamped to [−1, 1] by the engine. Reward: forward
/// speed + 1 − 0.5 ‖a‖², less a contact cost on request. Terminated when the torso's height leaves [0.2, 1] m.
/// </remarks>
public sealed class Ant : WalkingTask
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (6000).</summary>
    public static readonly EnvironmentSpec Specification = new("Ant-v4", 1000, 6000)
    {
        Description = "A four-legged robot walks forward (MuJoCo).",
    };

    private const int EngineStepsPerStep = 5;
    private const int StateSize = 29;
    private const int ForceCount = 6 * 14;

    private readonly AntOptions options;
    private readonly int torso;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Ant(AntOptions? options = null)
        : base(
            Specification, "ant.xml", EngineStepsPerStep, ObservationSize(options ??= new AntOptions()), hiddenPositions: 2, options,
            needsContactForces: options.UseContactForces)
    {
        this.options = options;
        torso = Model.BodyId("torso");
    }

    /// <inheritdoc/>
    protected override double ForwardPosition => Data.BodyPositions[3 * torso];

    /// <inheritdoc/>
    protected override bool HasNormalVelocityNoise => true;

    /// <inheritdoc/>
    protected override bool IsHealthy => Data.Qpos[2] >= options.HealthyZRange.Low && Data.Qpos[2] <= options.HealthyZRange.High;

    /// <inheritdoc/>
    protected override double Cost(ReadOnlySpan<double> action)
    {
        double cost = base.Cost(action);
        if (!options.UseContactForces)
        {
            return cost;
        }

        Span<double> forces = stackalloc double[ForceCount];
        ClipForces(forces);
        return cost + (options.ContactCostWeight * SumOfSquares(forces));
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        base.Observe(observation);
        if (options.UseContactForces)
        {
            ClipForces(observation[^ForceCount..]);
        }
    }

    private static int ObservationSize(AntOptions options) => options.UseContactForces ? StateSize + ForceCount : StateSize;

    private void ClipForces(Span<double> forces) =>
        Clip(Data.ExternalForces, options.ContactForceRange.Low, options.ContactForceRange.High, forces);
}
