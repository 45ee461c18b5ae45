namespace Stackelberg.Agents.Replay;

/// <summary>The memory of a full replay buffer.</summary>
/// <param name="Transitions">How many it keeps.</param>
/// <param name="BytesPerTransition">4 (observation size + action size + 1) + 1.</param>
/// <param name="BytesPerEnd">Needed for every episode that ended in it besides: 4 (observation size + 1).</param>
public sealed record ReplayMemory(int Transitions, int BytesPerTransition, int BytesPerEnd)
{
    /// <summary>Bytes of the transitions.</summary>
    public long TransitionBytes => (long)Transitions * BytesPerTransition;

    /// <summary>Bytes of the ends at most, when every episode has one step.</summary>
    public long MostEndBytes => (long)Transitions * BytesPerEnd;

    /// <summary>The needs of a buffer of these sizes.</summary>
    public static ReplayMemory Of(int transitions, int observationSize, int actionSize) =>
        new(transitions, (sizeof(float) * (observationSize + actionSize + 1)) + 1, sizeof(float) * (observationSize + 1));

    /// <summary>Bytes of the ends when every episode has <paramref name="steps"/> steps.</summary>
    public long EndBytes(int steps) => (Transitions + (long)steps - 1) / steps * BytesPerEnd;
}
