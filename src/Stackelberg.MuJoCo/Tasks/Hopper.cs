using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Hopper-v4</c>: a one-legged robot in the vertical plane is to hop forward without falling (Erez, Tassa and Todorov 2011; dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (11): height, pitch and three joint angles; then the six velocities, each clipped to [−10, 10]. Action (3): torques of hip, knee and ankle,
/// in units of 200 N·m, clamped to [−1, 1] by the engine. Reward: forward speed + 1 − 0.001 ‖a‖². Terminated when the torso is lower than 0.7 m, leans by 0.2 rad or more,
/// or a coordinate or velocity leaves (−100, 100).
/// </remarks>
public sealed class Hopper : MujocoEnvironment
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (3800).</summary>
    public static readonly EnvironmentSpec Specification = new("Hopper-v4", 1000, 3800)
    {
        Description = "A planar one-legged robot hops forward (MuJoCo).",
    };

    private const int EngineStepsPerStep = 4;
    private const double LargestObservedVelocity = 10;

    private readonly HopperOptions options;
    private readonly int firstObserved;
    private double positionBefore;

    /// <summary>Makes the task with Gymnasium's constants.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Hopper()
        : this(new HopperOptions())
    {
    }

    /// <summary>Makes the task with other constants.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The noise scale is negative or not finite.</exception>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Hopper(HopperOptions options)
        : base(Specification, "hopper.xml", EngineStepsPerStep, Checked(options).ExcludeCurrentPositionsFromObservation ? 11 : 12)
    {
        this.options = options;
        firstObserved = options.ExcludeCurrentPositionsFromObservation ? 1 : 0;
    }

    /// <inheritdoc/>
    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        AddUniformNoise(random, qpos, options.ResetNoiseScale);
        AddUniformNoise(random, qvel, options.ResetNoiseScale);
    }

    /// <inheritdoc/>
    protected override void BeforeStep() => positionBefore = Data.Qpos[0];

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        double speed = (Data.Qpos[0] - positionBefore) / StepSeconds;
        bool healthy = IsHealthy(Data.Qpos, Data.Qvel);
        double healthyReward = healthy || options.TerminateWhenUnhealthy ? options.HealthyReward : 0;
        double reward = (options.ForwardRewardWeight * speed) + healthyReward - (options.CtrlCostWeight * SumOfSquares(action));
        return (reward, options.TerminateWhenUnhealthy && !healthy);
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        ReadOnlySpan<double> qpos = Data.Qpos[firstObserved..];
        qpos.CopyTo(observation);
        Span<double> velocities = observation[qpos.Length..];
        for (int i = 0; i < velocities.Length; i++)
        {
            velocities[i] = Math.Clamp(Data.Qvel[i], -LargestObservedVelocity, LargestObservedVelocity);
        }
    }

    private static HopperOptions Checked(HopperOptions options) =>
        options.ResetNoiseScale >= 0 && double.IsFinite(options.ResetNoiseScale)
            ? options
            : throw new ArgumentOutOfRangeException(nameof(options), options.ResetNoiseScale, "The reset noise scale of Hopper is a finite number, zero or more.");

    private bool IsHealthy(ReadOnlySpan<double> qpos, ReadOnlySpan<double> qvel) =>
        Inside(options.HealthyZRange, qpos[1])
        && Inside(options.HealthyAngleRange, qpos[2])
        && AllInside(options.HealthyStateRange, qpos[2..])
        && AllInside(options.HealthyStateRange, qvel);

    private static bool Inside((double Low, double High) range, double value) => value > range.Low && value < range.High;

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
