using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>A task that rewards speed along x and charges for the action.</summary>
public abstract class LocomotionTask : MujocoEnvironment
{
    private readonly LocomotionOptions options;
    private double positionBefore;

    /// <summary>Makes the task.</summary>
    /// <param name="observationSize">Numbers per observation when no position is left out.</param>
    /// <param name="hiddenPositions">Leading coordinates the observation leaves out unless the options say otherwise.</param>
    private protected LocomotionTask(
        EnvironmentSpec spec, string model, int frameSkip, int observationSize, int hiddenPositions, LocomotionOptions options,
        bool needsContactForces = false)
        : base(spec, model, frameSkip, observationSize - Hidden(options, hiddenPositions), needsContactForces)
    {
        this.options = options;
        FirstObserved = Hidden(options, hiddenPositions);
    }

    /// <summary>The position along x whose change is rewarded, in metres.</summary>
    protected virtual double ForwardPosition => Data.Qpos[0];

    /// <summary>Whether initial velocities get normal noise, not uniform noise.</summary>
    protected virtual bool HasNormalVelocityNoise => false;

    /// <summary>The first coordinate that is observed.</summary>
    protected int FirstObserved { get; }

    /// <summary>What the step costs.</summary>
    protected virtual double Cost(ReadOnlySpan<double> action) => options.CtrlCostWeight * SumOfSquares(action);

    /// <inheritdoc/>
    protected sealed override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        AddUniformNoise(random, qpos, options.ResetNoiseScale);
        if (HasNormalVelocityNoise)
        {
            AddNormalNoise(random, qvel, options.ResetNoiseScale);
        }
        else
        {
            AddUniformNoise(random, qvel, options.ResetNoiseScale);
        }
    }

    /// <inheritdoc/>
    protected override void EpisodeBegan() => positionBefore = ForwardPosition;

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action) =>
        (TakeForwardReward() - Cost(action), false);

    /// <summary>The reward for the way made since the last call.</summary>
    protected double TakeForwardReward()
    {
        double position = ForwardPosition;
        double speed = (position - positionBefore) / StepSeconds;
        positionBefore = position;
        return options.ForwardRewardWeight * speed;
    }

    /// <inheritdoc/>
    protected override void Observe(Span<double> observation) => ObserveState(observation, FirstObserved);

    /// <inheritdoc/>
    protected override void SaveTask(StateWriter writer) => writer.Write("position_before", positionBefore);

    /// <inheritdoc/>
    protected override void LoadTask(StateReader reader) => positionBefore = reader.ReadDouble("position_before");

    private static int Hidden(LocomotionOptions options, int positions) => options.ExcludeCurrentPositionsFromObservation ? positions : 0;
}
