using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>
/// <c>Pusher-v4</c>: an arm of seven joints is to push a cylinder over a table to a goal (dynamics and reward as in Gymnasium).
/// </summary>
/// <remarks>
/// Observation (23): angles and velocities of the seven joints; positions of wrist, object and goal. Action (7): joint torques in N·m,
/// clamped to [−2, 2] by the engine. Reward: −0.1 ‖a‖² less the distance of object and goal and half that of object and wrist, both before
/// the step. Never terminates; 100 steps.
/// </remarks>
public sealed class Pusher : MujocoEnvironment
{
    /// <summary>Id, time limit (100 steps) and reward threshold (0, which no policy reaches).</summary>
    public static readonly EnvironmentSpec Specification = new("Pusher-v4", 100, 0)
    {
        Description = "An arm of seven joints pushes a cylinder to a goal (MuJoCo).",
    };

    private const int EngineStepsPerStep = 5;
    private const int JointCount = 7;
    private const double VelocityNoise = 0.005;
    private const double NearestStart = 0.17;

    private readonly PusherOptions options;
    private readonly int wrist;
    private readonly int pushed;
    private readonly int goal;
    private double nearBefore;
    private double distanceBefore;

    /// <summary>Makes the task, with Gymnasium's constants unless others are given.</summary>
    /// <exception cref="MujocoException">The MuJoCo library cannot be used.</exception>
    public Pusher(PusherOptions? options = null)
        : base(Specification, "pusher.xml", EngineStepsPerStep, observationSize: (2 * JointCount) + 9)
    {
        this.options = options ?? new PusherOptions();
        (wrist, pushed, goal) = (Model.BodyId("tips_arm"), Model.BodyId("object"), Model.BodyId("goal"));
    }

    /// <inheritdoc/>
    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        Span<double> offset = qpos[JointCount..(JointCount + 2)];
        do
        {
            offset[0] = random.NextUniform(-0.3, 0);
            offset[1] = random.NextUniform(-0.2, 0.2);
        }
        while (Math.Sqrt(SumOfSquares(offset)) <= NearestStart);

        AddUniformNoise(random, qvel[..JointCount], VelocityNoise);
    }

    /// <inheritdoc/>
    protected override void EpisodeBegan() => Measure();

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        double reward = (-options.RewardDistWeight * distanceBefore) - (options.RewardControlWeight * SumOfSquares(action))
            - (options.RewardNearWeight * nearBefore);
        Measure();
        return (reward, false);
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation)
    {
        Data.Qpos[..JointCount].CopyTo(observation);
        Data.Qvel[..JointCount].CopyTo(observation[JointCount..]);
        Data.BodyPositions.Slice(3 * wrist, 3).CopyTo(observation[14..]);
        Data.BodyPositions.Slice(3 * pushed, 3).CopyTo(observation[17..]);
        Data.BodyPositions.Slice(3 * goal, 3).CopyTo(observation[20..]);
    }

    /// <inheritdoc/>
    protected override void SaveTask(StateWriter writer)
    {
        writer.Write("near_before", nearBefore);
        writer.Write("distance_before", distanceBefore);
    }

    /// <inheritdoc/>
    protected override void LoadTask(StateReader reader)
    {
        nearBefore = reader.ReadDouble("near_before");
        distanceBefore = reader.ReadDouble("distance_before");
    }

    private void Measure()
    {
        nearBefore = Distance(pushed, wrist);
        distanceBefore = Distance(pushed, goal);
    }
}
