using Stackelberg.Environments.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>What <see cref="FiniteMdpEnvironment"/> shows of the state.</summary>
public enum MdpObservation
{
    /// <summary>A vector with 1 at the state's index and 0 elsewhere.</summary>
    OneHot,

    /// <summary>The state's index as one number.</summary>
    Index,
}

/// <summary>Options of <see cref="FiniteMdpEnvironment"/>.</summary>
public sealed record FiniteMdpOptions
{
    /// <summary>What is shown of the state.</summary>
    [Option("what is shown of the state")]
    public MdpObservation Observation { get; init; }
}

/// <summary>Plays a <see cref="FiniteMdp"/>: samples starts and transitions. The horizon is the wrapper's affair.</summary>
public sealed class FiniteMdpEnvironment : IEnvironment, IInitialState, IStateColumns
{
    private readonly MdpObservation shown;
    private RandomStream random = StreamOf(0);
    private bool running;

    /// <summary>A simulator of a model.</summary>
    /// <exception cref="ArgumentException">The kind of observation is none of the named, a start is terminal, or a reward is beyond single precision.</exception>
    public FiniteMdpEnvironment(FiniteMdp model, MdpObservation observation = MdpObservation.OneHot, EnvironmentSpec? spec = null)
    {
        Model = model;
        shown = Enum.IsDefined(observation)
            ? observation
            : throw new ArgumentException($"Unknown observation {observation}; use OneHot or Index.", nameof(observation));
        Spec = spec ?? SpecOf(model, model.Name) with { MaxEpisodeSteps = null };
        ObservationSpace = shown == MdpObservation.Index ? new DiscreteSpace(model.StateCount) : new BoxSpace(model.StateCount, 0, 1);
        ActionSpace = new DiscreteSpace(model.ActionCount);
        for (int s = 0; s < model.StateCount; s++)
        {
            if (model.IsTerminal(s) && model.Initial[s] > 0)
            {
                throw new ArgumentException(
                    $"MDP '{model.Name}' may start in state {s} ('{model.States[s]}'), which is terminal; an episode has at least one step.");
            }

            for (int row = 0; model.Acts(s) && row < model.ActionCount * model.StateCount; row++)
            {
                (int action, int next) = Math.DivRem(row, model.StateCount);
                if (!SinglePrecision.Holds(model.Reward(s, action, next)) && model.Transition(s, action)[next] > 0)
                {
                    throw new ArgumentException(
                        $"MDP '{model.Name}': rewards[{s}][{action}][{next}] is {model.Reward(s, action, next)}; a reward to be learned from is at most {SinglePrecision.Largest} in size.");
                }
            }
        }
    }

    /// <summary>The exact model.</summary>
    public FiniteMdp Model { get; }

    /// <summary>Index of the present state.</summary>
    public int State { get; private set; }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <summary>One part, <c>state</c>: the state's index.</summary>
    public IReadOnlyList<StatePart> InitialStateParts { get; } = [new("state", 1)];

    /// <summary><c>state0</c>: the state's index.</summary>
    public IReadOnlyList<string> StateColumns { get; } = ["state0"];

    /// <summary>How a model is registered: its horizon as time limit, deterministic where it is.</summary>
    public static EnvironmentSpec SpecOf(FiniteMdp model, string id) => new(id, model.Horizon, null)
    {
        Description = $"Finite MDP with {model.StateCount} states and {model.ActionCount} actions.",
        Deterministic = model.IsDeterministic,
    };

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observation)
    {
        RequireLength(observation);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        State = Inversion.Draw(random, Model.Initial);
        running = true;
        Observe(observation);
    }

    /// <inheritdoc/>
    public void ResetTo(ReadOnlySpan<double> state, Span<double> observation)
    {
        RequireLength(observation);
        if (!new DiscreteSpace(Model.StateCount).Contains(state) || Model.IsTerminal((int)state[0]))
        {
            throw new ArgumentException(
                $"MDP '{Model.Name}' starts from the index of a state, 0 to {Model.StateCount - 1}, that is not terminal; got [{string.Join(", ", state.ToArray())}].",
                nameof(state));
        }

        State = (int)state[0];
        running = true;
        Observe(observation);
    }

    /// <inheritdoc/>
    public void WriteState(Span<double> values) => values[0] = State;

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        RequireLength(observation);
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        if (!ActionSpace.Contains(action))
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }

        ReadOnlySpan<double> transition = Model.Transition(State, (int)action[0]);
        int next = Inversion.Draw(random, transition);
        if (transition[next] == 0)
        {
            throw new EnvironmentException(
                $"{Spec.Id}: state {State} ('{Model.States[State]}') has no transition for action {action[0]}; no start of the model leads there. Start elsewhere, or give the state its probabilities.");
        }

        double reward = Model.Reward(State, (int)action[0], next);
        State = next;
        running = !Model.IsTerminal(next);
        Observe(observation);
        return new StepResult(reward, !running, false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("state", (long)State);
        writer.Write("running", running);
        writer.Write("random", random);
    }

    /// <inheritdoc/>
    /// <exception cref="StateException">The saved state is none of this model's.</exception>
    public void Load(StateReader reader)
    {
        long state = reader.ReadInt64("state");
        if (state < 0 || state >= Model.StateCount)
        {
            throw new StateException($"The saved state is {state}; MDP '{Model.Name}' has {Model.StateCount}. Load it into the model it was saved from.");
        }

        State = (int)state;
        running = reader.ReadBoolean("running");
        reader.Read("random", random);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private void Observe(Span<double> observation)
    {
        if (shown == MdpObservation.Index)
        {
            observation[0] = State;
        }
        else
        {
            observation.Clear();
            observation[State] = 1;
        }
    }

    private void RequireLength(Span<double> observation)
    {
        if (observation.Length != ObservationSpace.Size)
        {
            throw EnvironmentException.WrongObservationLength(Spec.Id, ObservationSpace, observation.Length);
        }
    }
}
