using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>What a car of <see cref="HighwayMerge"/> decides once a second.</summary>
public enum HighwayAction
{
    /// <summary>Goes on.</summary>
    Idle,

    /// <summary>Steers to the lane on the left if there is one: has an effect only on the ramp car beside the main lane.</summary>
    LaneLeft,

    /// <summary>Steers to the lane on the right if there is one: never has an effect on this road.</summary>
    LaneRight,

    /// <summary>Aims for the speed level above the present speed.</summary>
    Faster,

    /// <summary>Aims for the speed level below the present speed.</summary>
    Slower,
}

/// <summary>How an episode of <see cref="HighwayMerge"/> stands or ended.</summary>
public enum HighwayOutcome
{
    /// <summary>Not ended.</summary>
    Open,

    /// <summary>The car on the main lane passed first.</summary>
    LeaderFirst,

    /// <summary>The car from the ramp passed first.</summary>
    FollowerFirst,

    /// <summary>The cars hit each other.</summary>
    Crash,
}

/// <summary>
/// One car on a main lane and one that must merge from a ramp: who goes first? Zhang et al., "Bi-level Actor-Critic for Multi-agent Coordination", 2020,
/// section 5, computed as the published code does.
/// </summary>
/// <remarks>
/// The leader is on the main lane. Both decide once a second, which is 15 Euler steps. Per agent an observation has 8 numbers: which decision this is
/// (one of six slots), then distance and speed difference of the other car, scaled. Rewards are 0 until the end; the car ahead then gets 50, the
/// other 10, and after a crash both get the crash reward.
/// </remarks>
public sealed partial class HighwayMerge : IMultiAgentEnvironment
{
    private const int Slots = 6;
    private const int ObservationLength = Slots + 2;
    private const int StepsPerDecision = 15;
    private const double TimeStep = 1.0 / StepsPerDecision;
    private const double StartX = 215;
    private const double FinishX = 310;

    private readonly HighwayMergeOptions options;
    private readonly double distanceScale;
    private readonly double speedScale;
    private RandomStream random = StreamOf(0);
    private HighwayVehicle leader;
    private HighwayVehicle follower;
    private int decisions;
    private bool running;

    /// <summary>A merge without time limit: it ends by itself.</summary>
    /// <exception cref="ArgumentException">The speeds are no interval within [1, 70], or a choice is none of the named.</exception>
    public HighwayMerge(HighwayMergeOptions? options = null, EnvironmentSpec? spec = null)
    {
        this.options = options ?? new HighwayMergeOptions();
        if (!(this.options.SpeedLow >= 1 && this.options.SpeedLow <= this.options.SpeedHigh && this.options.SpeedHigh <= 70))
        {
            throw new ArgumentException(
                $"Initial speeds from {this.options.SpeedLow} to {this.options.SpeedHigh} m/s; give 1 <= SpeedLow <= SpeedHigh <= 70.", nameof(options));
        }

        if (!Enum.IsDefined(this.options.CrashReward) || !Enum.IsDefined(this.options.ObservationScale))
        {
            throw new ArgumentException(
                $"Unknown crash reward {this.options.CrashReward} or observation scale {this.options.ObservationScale}.", nameof(options));
        }

        (distanceScale, speedScale) = this.options.ObservationScale == HighwayObservationScale.BiAc ? (40.0, 80.0) : (70.0, 140.0);
        Spec = spec ?? new EnvironmentSpec("HighwayMerge", null, null);
        double[] low = new double[ObservationLength], high = new double[ObservationLength];
        Array.Fill(high, 1, 0, Slots);
        Array.Fill(low, double.NegativeInfinity, Slots, 2);
        Array.Fill(high, double.PositiveInfinity, Slots, 2);
        BoxSpace observations = new(low, high);
        DiscreteSpace actions = new(Enum.GetValues<HighwayAction>().Length);
        Agents = new AgentRoster(new("leader", 0, observations, actions), new("follower", 1, observations, actions));
    }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public AgentRoster Agents { get; }

    /// <summary>The car on the main lane.</summary>
    public HighwayVehicle Leader => leader;

    /// <summary>The car from the ramp.</summary>
    public HighwayVehicle Follower => follower;

    /// <summary>Whether the episode ended, and how.</summary>
    public HighwayOutcome Outcome =>
        leader.Crashed ? HighwayOutcome.Crash
        : leader.X <= FinishX && follower.X <= FinishX ? HighwayOutcome.Open
        : leader.X > follower.X ? HighwayOutcome.LeaderFirst
        : HighwayOutcome.FollowerFirst;

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observations)
    {
        Agents.RequireReset(Spec.Id, observations);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        double leaderSpeed = random.NextUniform(options.SpeedLow, options.SpeedHigh);
        ResetTo(leaderSpeed, random.NextUniform(options.SpeedLow, options.SpeedHigh), observations);
    }

    /// <summary>Starts an episode from given speeds instead of drawn ones.</summary>
    /// <param name="leaderSpeed">In m/s, from 1 to 70.</param>
    /// <param name="followerSpeed">In m/s, from 1 to 70.</param>
    /// <param name="observations">Receives the first observations.</param>
    /// <exception cref="ArgumentException">A speed is outside its range.</exception>
    public void ResetTo(double leaderSpeed, double followerSpeed, Span<double> observations)
    {
        Agents.RequireReset(Spec.Id, observations);
        if (!(leaderSpeed is >= 1 and <= 70 && followerSpeed is >= 1 and <= 70))
        {
            throw new ArgumentException($"{Spec.Id} starts from speeds of 1 to 70 m/s; got {leaderSpeed} and {followerSpeed}.");
        }

        leader = HighwayVehicle.At(StartX, 4, leaderSpeed);
        follower = HighwayVehicle.At(StartX, 14.5, followerSpeed);
        decisions = 0;
        running = true;
        Observe(observations);
    }

    /// <inheritdoc/>
    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        Agents.RequireStep(Spec.Id, actions, observations, rewards);
        leader = leader.Aim((HighwayAction)(int)actions[0]);
        follower = follower.Aim((HighwayAction)(int)actions[1]);
        for (int step = 0; step < StepsPerDecision && Outcome == HighwayOutcome.Open; step++)
        {
            leader = leader.Advance(TimeStep);
            follower = follower.Advance(TimeStep);
            if (leader.Touches(follower))
            {
                double speed = Math.Min(leader.Speed, follower.Speed);
                leader = leader with { Speed = speed, Crashed = true };
                follower = follower with { Speed = speed, Crashed = true };
            }
        }

        decisions++;
        running = Outcome == HighwayOutcome.Open;
        (rewards[0], rewards[1]) = Outcome switch
        {
            HighwayOutcome.Open => (0.0, 0.0),
            HighwayOutcome.LeaderFirst => (50.0, 10.0),
            HighwayOutcome.FollowerFirst => (10.0, 50.0),
            _ => (CrashReward(), CrashReward()),
        };
        Observe(observations);
        return new JointStepResult(!running, false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        SaveCar(writer.Group("leader"), leader);
        SaveCar(writer.Group("follower"), follower);
        writer.Write("decisions", (long)decisions);
        writer.Write("running", running);
        writer.Write("random", random);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        leader = LoadCar(reader.Group("leader"));
        follower = LoadCar(reader.Group("follower"));
        decisions = (int)reader.ReadInt64("decisions");
        running = reader.ReadBoolean("running");
        reader.Read("random", random);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private static void SaveCar(StateWriter writer, in HighwayVehicle car)
    {
        writer.WriteArray("motion", [car.X, car.Y, car.Heading, car.Speed, car.TargetSpeed]);
        writer.Write("target_lane", (long)car.TargetLane);
        writer.Write("crashed", car.Crashed);
    }

    private static HighwayVehicle LoadCar(StateReader reader)
    {
        Span<double> motion = stackalloc double[5];
        reader.ReadArray("motion", motion);
        long lane = reader.ReadInt64("target_lane");
        return lane is >= HighwayRoad.MainBefore and <= HighwayRoad.Merging
            ? new HighwayVehicle(motion[0], motion[1], motion[2], motion[3], motion[4], (int)lane, reader.ReadBoolean("crashed"))
            : throw new StateException($"'target_lane' is {lane}; the highway has lanes {HighwayRoad.MainBefore} to {HighwayRoad.Merging}.");
    }

    private double CrashReward() => options.CrashReward == HighwayCrashReward.Flat ? -10 : leader.X switch
    {
        < 260 => -25,
        < 265 => -20,
        < 270 => -15,
        < 275 => -10,
        _ => -5,
    };

    private void Observe(Span<double> observations)
    {
        observations.Clear();
        int slot = Math.Min(decisions, Slots - 1);
        double distance = (follower.X - leader.X) / distanceScale, difference = (follower.Speed - leader.Speed) / speedScale;
        (observations[slot], observations[Slots], observations[Slots + 1]) = (1, distance, difference);
        Span<double> second = observations[ObservationLength..];
        (second[slot], second[Slots], second[Slots + 1]) = (1, -distance, -difference);
    }
}
