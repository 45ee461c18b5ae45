using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Reacher-v4</c>: an arm of two joints in the plane is to bring its fingertip to a target (dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (11): cosines and sines of both angles, position of the target, velocities of both angles, vector from target to fingertip.
/// Action (2): torques of the joints, in units of 200 N·m, clamped to [−1, 1] by the engine. Reward: −‖a‖² less the distance of fingertip
/// and target before the step. Never terminates; 50 steps.
/// </remarks>
public sealed class Reacher : MujocoEnvironment
{
    /// <summary>Id, time limit (50 steps) and reward threshold (−3.75).</summary>
    public static readonly EnvironmentSpec Specification = new("Reacher-v4", 50, -3.75)
    {
        Description = "A planar arm of two joints reaches for a target (MuJoCo).",
    };

    private const int EngineStepsPerStep = 2;
    private const double AngleNoise = 0.1;
    private const double VelocityNoise = 0.005;
    private const double TargetRadius = 0.2;

    private readonly ReacherOptions options;
    private readonly int fingertip;
    private readonly int target;
    private double distanceBefore;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Reacher(ReacherOptions? options = null)
        : base(Specification, "reacher.xml", EngineStepsPerStep, observationSize: 11)
    {
        this.options = options ?? new ReacherOptions();
        (fingertip, target) = (Model.BodyId("fingertip"), Model.BodyId("target"));
    }

    /// <inheritdoc/>
    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        AddUniformNoise(random, qpos[..2], AngleNoise);
        do
        {
            qpos[2] = random.NextUniform(-TargetRadius, TargetRadius);
            qpos[3] = random.NextUniform(-TargetRadius, TargetRadius);
        }
        while (Math.Sqrt(SumOfSquares(qpos[2..])) >= TargetRadius);

        AddUniformNoise(random, qvel[..2], VelocityNoise);
    }

    /// <inheritdoc/>
    protected override void EpisodeBegan() => distanceBefore = Distance(fingertip, target);

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        double reward = (-options.RewardDistWeight * distanceBefore) - (options.RewardControlWeight * SumOfSquares(action));
        distanceBefore = Distance(fingertip, target);
        return (reward, false);
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        ReadOnlySpan<double> qpos = Data.Qpos;
        ReadOnlySpan<double> positions = Data.BodyPositions;
        (observation[0], observation[2]) = (Math.Cos(qpos[0]), Math.Sin(qpos[0]));
        (observation[1], observation[3]) = (Math.Cos(qpos[1]), Math.Sin(qpos[1]));
        qpos[2..].CopyTo(observation[4..]);
        Data.Qvel[..2].CopyTo(observation[6..]);
        for (int axis = 0; axis < 3; axis++)
        {
            observation[8 + axis] = positions[(3 * fingertip) + axis] - positions[(3 * target) + axis];
        }
    }

    /// <inheritdoc/>
    protected override void SaveTask(StateWriter writer) => writer.Write("distance_before", distanceBefore);

    /// <inheritdoc/>
    protected override void LoadTask(StateReader reader) => distanceBefore = reader.ReadDouble("distance_before");
}
