using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Examples.Environment;

/// <summary>Two people share a room for a day: one has the heater and wants 22 °C, the other has the window and wants 18 °C.</summary>
/// <remarks>
/// The host leads, the guest sees the heater before choosing. Both observe the temperatures of the room and outside, in °C. The host's action is the share
/// of the heater's power, in [0, 1]; the guest's is 0 to close the window and 1 to open it, which trebles the loss of heat. A step is a quarter of an hour.
/// Rewards: −0.1·(room − 22)² − 0.5·share for the host, −0.1·(room − 18)² for the guest. Never terminated.
/// </remarks>
public sealed class SharedRoom : IMultiAgentEnvironment, IInitialState, IStateColumns
{
    /// <summary>The same object is registered and returned by <see cref="Spec"/>, so the two cannot differ.</summary>
    public static readonly EnvironmentSpec Specification = new("SharedRoom-v0", MaxEpisodeSteps: 96, RewardThreshold: null)
    {
        Description = "A host heats, a guest opens the window; they want different temperatures.",
    };

    private const double StepHours = 0.25;
    private const double HoursToCool = 5;
    private const double HeaterDegreesPerHour = 8;

    // All that a step depends on; Save and Load carry every one of these.
    private RandomStream random = StreamOf(0);
    private double room, outside;
    private bool running;

    /// <inheritdoc/>
    public EnvironmentSpec Spec => Specification;

    /// <summary>In the order of play: level 0 leads.</summary>
    public AgentRoster Agents { get; } = new(
        new("host", 0, new BoxSpace(2, double.NegativeInfinity, double.PositiveInfinity), new BoxSpace(1, 0, 1)),
        new("guest", 1, new BoxSpace(2, double.NegativeInfinity, double.PositiveInfinity), new DiscreteSpace(2)));

    /// <summary>One part, <c>temperatures</c>: room and outside.</summary>
    public IReadOnlyList<StatePart> InitialStateParts { get; } = [new("temperatures", 2)];

    /// <inheritdoc/>
    public IReadOnlyList<string> StateColumns { get; } = ["room", "outside"];

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observations)
    {
        Agents.RequireReset(Spec.Id, observations);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        Begin(random.NextUniform(15, 20), random.NextUniform(-10, 10), observations);
    }

    /// <inheritdoc/>
    public void ResetTo(ReadOnlySpan<double> state, Span<double> observation) => Begin(state[0], state[1], observation);

    /// <inheritdoc/>
    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        Agents.RequireStep(Spec.Id, actions, observations, rewards);
        double share = Agents.ActionOf(0, actions)[0], loss = Agents.ActionOf(1, actions)[0] == 1 ? 3 : 1;
        room += StepHours * ((loss * (outside - room) / HoursToCool) + (HeaterDegreesPerHour * share));
        outside += 0.5 * random.NextNormal();
        rewards[0] = (-0.1 * (room - 22) * (room - 22)) - (0.5 * share);
        rewards[1] = -0.1 * (room - 18) * (room - 18);
        Observe(observations);
        return new JointStepResult(Terminated: false, Truncated: false);
    }

    /// <inheritdoc/>
    public void WriteState(Span<double> values) => (values[0], values[1]) = (room, outside);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("random", random);
        writer.Write("room", room);
        writer.Write("outside", outside);
        writer.Write("running", running);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.Read("random", random);
        room = reader.ReadDouble("room");
        outside = reader.ReadDouble("outside");
        running = reader.ReadBoolean("running");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private void Begin(double roomTemperature, double outsideTemperature, Span<double> observations)
    {
        (room, outside, running) = (roomTemperature, outsideTemperature, true);
        Observe(observations);
    }

    private void Observe(Span<double> observations)
    {
        WriteState(Agents.ObservationOf(0, observations));
        WriteState(Agents.ObservationOf(1, observations));
    }
}
