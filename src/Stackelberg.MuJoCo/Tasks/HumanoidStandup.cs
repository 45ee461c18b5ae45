using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>HumanoidStandup-v4</c>: a humanoid lying on its back is to stand up (dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (376) and action (17) as those of <see cref="Humanoid"/>. Reward: height / 0.003 s + 1 − 0.1 ‖a‖² − min(5·10⁻⁷ ‖external
/// forces‖², 10); the height is divided by the engine's time step, not by the environment's. Never terminates.
/// </remarks>
public sealed class HumanoidStandup : MujocoEnvironment
{
    /// <summary>Id and time limit (1000 steps); no reward threshold.</summary>
    public static readonly EnvironmentSpec Specification = new("HumanoidStandup-v4", 1000, null)
    {
        Description = "A humanoid lying on its back stands up (MuJoCo).",
    };

    private readonly HumanoidStandupOptions options;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public HumanoidStandup(HumanoidStandupOptions? options = null)
        : base(
            Specification, "humanoid_standup.xml", HumanoidBody.EngineStepsPerStep,
            HumanoidBody.ObservationSize - Hidden(options ??= new HumanoidStandupOptions()), needsContactForces: true) => this.options = options;

    /// <inheritdoc/>
    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        AddUniformNoise(random, qpos, options.ResetNoiseScale);
        AddUniformNoise(random, qvel, options.ResetNoiseScale);
    }

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        double rise = options.UphCostWeight * (Data.Qpos[2] / Model.Timestep);
        double control = options.CtrlCostWeight * SumOfSquares(action);
        double impact = Math.Clamp(
            options.ImpactCostWeight * SumOfSquares(Data.ExternalForces), options.ImpactCostRange.Low, options.ImpactCostRange.High);
        return (rise - control - impact + 1, false);
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation) =>
        HumanoidBody.ObserveBodies(Data, observation[ObserveState(observation, Hidden(options))..]);

    private static int Hidden(HumanoidStandupOptions options) =>
        options.ExcludeCurrentPositionsFromObservation ? HumanoidBody.HiddenPositions : 0;
}
