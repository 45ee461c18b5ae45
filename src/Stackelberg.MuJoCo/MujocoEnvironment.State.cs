using System.Globalization;
using Stackelberg.Environments;
using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo;

// What recordings need: starting from a given state, showing the state, going on after termination.
public abstract partial class MujocoEnvironment : IInitialState, IStateColumns, IContinueAfterTermination
{
    /// <summary>Two parts: <c>qpos</c>, the generalised coordinates, and <c>qvel</c>, the generalised velocities.</summary>
    public IReadOnlyList<StatePart> InitialStateParts { get; }

    /// <summary><c>qpos0</c> …, <c>qvel0</c> …, and <c>ncon</c>, the contacts of the last step.</summary>
    public IReadOnlyList<string> StateColumns { get; }

    void IInitialState.ResetTo(ReadOnlySpan<double> state, Span<double> observation)
    {
        if (state.Length != model.Nq + model.Nv)
        {
            throw new ArgumentException($"{Spec.Id} has {model.Nq} coordinates and {model.Nv} velocities; got {state.Length} numbers.", nameof(state));
        }

        ResetTo(state[..model.Nq], state[model.Nq..], observation);
    }

    /// <summary>Starts an episode from a given state instead of a sampled one (Gymnasium's <c>set_state</c>).</summary>
    /// <param name="qpos">Generalised coordinates; length <see cref="MjModel.Nq"/>.</param>
    /// <param name="qvel">Generalised velocities; length <see cref="MjModel.Nv"/>.</param>
    /// <param name="observation">Receives the first observation.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public void ResetTo(ReadOnlySpan<double> qpos, ReadOnlySpan<double> qvel, Span<double> observation)
    {
        RequireLength(observation);
        if (qpos.Length != model.Nq || qvel.Length != model.Nv)
        {
            throw new ArgumentException(
                $"{Spec.Id} has {model.Nq} coordinates and {model.Nv} velocities; got {qpos.Length} and {qvel.Length}.");
        }

        data.Reset();
        qpos.CopyTo(data.Qpos);
        qvel.CopyTo(data.Qvel);
        Begin(observation);
    }

    /// <summary>Lets an episode that has terminated go on from where it is, to replay recordings that do. Learning has no use for
    /// it.</summary>
    /// <exception cref="EnvironmentException">The last step did not terminate an episode.</exception>
    public void ContinueAfterTermination()
    {
        if (!terminated)
        {
            throw new EnvironmentException(
                $"{Spec.Id}: there is no terminated episode to go on with. Call it after a step that reported termination.");
        }

        terminated = false;
        inEpisode = true;
    }

    /// <inheritdoc/>
    public void WriteState(Span<double> values)
    {
        data.Qpos.CopyTo(values);
        data.Qvel.CopyTo(values[model.Nq..]);
        values[model.Nq + model.Nv] = data.ContactCount;
        GC.KeepAlive(this);
    }

    private static IEnumerable<string> Numbered(string name, int count) =>
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"));
}
