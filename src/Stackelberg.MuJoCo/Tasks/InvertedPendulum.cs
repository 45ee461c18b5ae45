using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>InvertedPendulum-v4</c>: a cart is to keep a pole upright (after Barto, Sutton and Anderson 1983; dynamics and reward as in
/// Gymnasium).
/// </summary>
/// <remarks>
/// Observation (4): position of the cart, angle of the pole, and their velocities. Action (1): force on the cart, in units of 100 N,
/// clamped to [−3, 3] by the engine. Reward: 1 per step, the last one included. Terminated when the pole leans by more than 0.2 rad.
/// </remarks>
public sealed class InvertedPendulum : MujocoEnvironment
{
    /// <summary>Id, time limit (1000 steps) and reward threshold (950).</summary>
    public static readonly EnvironmentSpec Specification = new("InvertedPendulum-v4", 1000, 950)
    {
        Description = "A cart keeps a pole upright (MuJoCo).",
    };

    private const int EngineStepsPerStep = 2;
    private const double LargestAngle = 0.2;

    private readonly double noise;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public InvertedPendulum(InvertedPendulumOptions? options = null)
        : base(Specification, "inverted_pendulum.xml", EngineStepsPerStep, observationSize: 4) =>
        noise = (options ?? new InvertedPendulumOptions()).ResetNoiseScale;

    /// <inheritdoc/>
    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        AddUniformNoise(random, qpos, noise);
        AddUniformNoise(random, qvel, noise);
    }

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action) => (1, Math.Abs(Data.Qpos[1]) > LargestAngle);

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation) => ObserveState(observation, 0);
}
