namespace Stackelberg.Environments;

// What recordings need: starting from given speeds, showing and drawing both cars.
public sealed partial class HighwayMerge : IInitialState, IStatePoseSource
{
    /// <summary>One part, <c>speeds</c>: of leader and follower in m/s; all else is the same at every start.</summary>
    public IReadOnlyList<StatePart> InitialStateParts { get; } = [new("speeds", 2)];

    /// <summary>Position (m), heading (rad) and speed (m/s) of leader and follower, then whether they crashed (0 or 1).</summary>
    public IReadOnlyList<string> StateColumns { get; } = ["x0", "y0", "heading0", "speed0", "x1", "y1", "heading1", "speed1", "crashed"];

    /// <summary>The view <c>highway</c>; its pose is the state. A decision takes a second, but the last ends where a car passes or both touch.</summary>
    public SceneDescription Scene { get; } = new("highway", 9, 1) { HasClock = false, ActionNames = [ActionNames, ActionNames] };

    private static IReadOnlyList<string> ActionNames { get; } = ["idle", "lane left", "lane right", "faster", "slower"];

    void IInitialState.ResetTo(ReadOnlySpan<double> state, Span<double> observation)
    {
        if (state.Length != 2)
        {
            throw new ArgumentException($"{Spec.Id} starts from two speeds; got {state.Length} numbers.", nameof(state));
        }

        ResetTo(state[0], state[1], observation);
    }

    /// <inheritdoc/>
    public void WriteState(Span<double> values)
    {
        Write(leader, values);
        Write(follower, values[4..]);
        values[8] = leader.Crashed ? 1 : 0;

        static void Write(in HighwayVehicle car, Span<double> values) => (values[0], values[1], values[2], values[3]) = (car.X, car.Y, car.Heading, car.Speed);
    }

    /// <inheritdoc/>
    public void WritePose(Span<double> pose) => WriteState(pose);

    /// <inheritdoc/>
    public void WritePoseOf(ReadOnlySpan<double> state, Span<double> pose) => state.CopyTo(pose);
}
