using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Examples.Environment;

/// <summary>What users may change, with <c>--env-set comfortable=22</c>.</summary>
public sealed record ThermostatOptions
{
    /// <summary>The temperature to keep, in °C.</summary>
    [Option("the temperature to keep, °C", Minimum = 10, Maximum = 30)]
    public double Comfortable { get; init; } = 20;
}

/// <summary>A room is to be kept at 20 °C for a day while the weather changes and heating costs money.</summary>
/// <remarks>
/// Observation (2): temperatures of the room and outside, in °C. Action (1): share of the heater's power, in [0, 1]. A step is a quarter of an hour.
/// Reward: −0.1·(room − 20)² − 0.5·share. Terminated when the room falls below 5 °C, at a cost of 50.
/// </remarks>
public sealed class Thermostat : IEnvironment, IInitialState, IStateColumns
{
    /// <summary>The same object is registered and returned by <see cref="Spec"/>, so the two cannot differ.</summary>
    public static readonly EnvironmentSpec Specification = new("Thermostat-v0", MaxEpisodeSteps: 96, RewardThreshold: null)
    {
        Description = "A heater keeps a room at 20 °C for a day.",
    };

    private const double StepHours = 0.25;
    private const double HoursToCool = 5;
    private const double HeaterDegreesPerHour = 8;
    private const double Lowest = 5;

    private readonly ThermostatOptions options;

    // All that a step depends on; Save and Load carry every one of these.
    private RandomStream random = StreamOf(0);
    private double room, outside;
    private bool running;

    /// <summary>A room, with the defaults unless others are given.</summary>
    public Thermostat(ThermostatOptions? options = null) => this.options = options ?? new ThermostatOptions();

    /// <inheritdoc/>
    public EnvironmentSpec Spec => Specification;

    /// <inheritdoc/>
    public Space ObservationSpace { get; } = new BoxSpace(2, double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public Space ActionSpace { get; } = new BoxSpace(1, 0, 1);

    /// <summary>One part, <c>temperatures</c>: room and outside.</summary>
    public IReadOnlyList<StatePart> InitialStateParts { get; } = [new("temperatures", 2)];

    /// <inheritdoc/>
    public IReadOnlyList<string> StateColumns { get; } = ["room", "outside"];

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observation)
    {
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        Begin(random.NextUniform(15, 20), random.NextUniform(-10, 10), observation);
    }

    /// <inheritdoc/>
    public void ResetTo(ReadOnlySpan<double> state, Span<double> observation) => Begin(state[0], state[1], observation);

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        if (!ActionSpace.Contains(action))
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }

        double share = action[0];
        room += StepHours * (((outside - room) / HoursToCool) + (HeaterDegreesPerHour * share));
        outside += 0.5 * random.NextNormal();
        bool frozen = room < Lowest;
        double discomfort = room - options.Comfortable;
        double reward = (-0.1 * discomfort * discomfort) - (0.5 * share) - (frozen ? 50 : 0);
        running = !frozen;
        WriteState(observation);

        // The time limit is not the environment's affair: the catalogue adds it, as truncation.
        return new StepResult(reward, Terminated: frozen, Truncated: false);
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

    private void Begin(double roomTemperature, double outsideTemperature, Span<double> observation)
    {
        (room, outside, running) = (roomTemperature, outsideTemperature, true);
        WriteState(observation);
    }
}
