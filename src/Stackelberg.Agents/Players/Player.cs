using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents;

/// <summary>
/// One side of a game: its parameters, its gradient, the optimiser that moves it and, where there is one, the target copy that follows slowly. Twin
/// networks are one player: their parameters lie one after the other.
/// </summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed class Player<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkOptions options;
    private readonly double? polyak;
    private readonly IOptimiser<T> optimiser;

    /// <summary>Makes a player of initialised parameters.</summary>
    /// <param name="name">In messages and tables, such as <c>actor</c>.</param>
    /// <param name="layout">The tensors of its parameters.</param>
    /// <param name="parameters">θ, of the layout's storage length; moved in place.</param>
    /// <param name="options">Optimiser, learning rate and schedule.</param>
    /// <param name="polyak">ρ of the target copy, in [0, 1]; null for a player without one.</param>
    /// <exception cref="ArgumentException">The vector does not fit its layout, or ρ is out of range.</exception>
    public Player(string name, ParameterLayout layout, FlatVector<T> parameters, NetworkOptions options, double? polyak = null)
    {
        if (parameters.Length != layout.Length)
        {
            throw new ArgumentException($"'{name}' has {parameters.Length} elements; its layout has {layout.Length}.", nameof(parameters));
        }

        if (polyak is not null and not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(polyak), polyak, "The share of the target that is kept lies in [0, 1].");
        }

        (Name, Layout, Parameters, this.options, this.polyak) = (name, layout, parameters, options, polyak);
        Gradient = new FlatVector<T>(layout.Length);
        optimiser = options.Optimiser switch
        {
            OptimiserKind.Adam => new Adam<T>(layout.Length, options.LearningRate, AdamOptions.Default with { Epsilon = options.OptimiserEpsilon }),
            OptimiserKind.RmsProp => new RmsProp<T>(layout.Length, options.LearningRate, options.OptimiserEpsilon),
            _ => new Sgd<T>(layout.Length, options.LearningRate),
        };
        Target = new FlatVector<T>(polyak is null ? 0 : layout.Length);
        if (HasTarget)
        {
            Target.CopyFrom(parameters);
        }
    }

    /// <summary>In messages and tables.</summary>
    public string Name { get; }

    /// <summary>The tensors of the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>θ</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>What the next step descends, or the last one descended.</summary>
    public FlatVector<T> Gradient { get; }

    /// <summary>The target copy of θ; empty where there is none.</summary>
    public FlatVector<T> Target { get; }

    /// <summary>Whether a target copy follows.</summary>
    public bool HasTarget => polyak is not null;

    /// <summary>d: the player moves in every d-th round only, at least 1.</summary>
    public int Delay { get; init; } = 1;

    /// <summary>The target follows in every so manieth round only, at least 1; in between, the player's steps leave it where it is.</summary>
    public int TrackingDelay { get; init; } = 1;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate => optimiser.LearningRate;

    /// <summary>Whether the player moves in this round, counted from 0.</summary>
    public bool Moves(long round) => (round + 1) % Delay == 0;

    /// <summary>Whether the target follows in this round, counted from 0.</summary>
    public bool Tracks(long round) => HasTarget && (round + 1) % TrackingDelay == 0;

    /// <summary>Sets the learning rate by its schedule.</summary>
    /// <param name="step">Environment steps so far.</param>
    /// <param name="total">Planned environment steps, at least 1.</param>
    public void Anneal(long step, long total)
    {
        if (options.LearningRateSchedule != RateSchedule.Constant)
        {
            optimiser.Schedule = options.RateAt(step, total);
        }
    }

    /// <summary>θ ← θ − step along <see cref="Gradient"/>; with <paramref name="track"/> the target follows in the same pass over memory.</summary>
    public void Step(bool track = false)
    {
        if (track && optimiser is Adam<T> adam)
        {
            adam.StepAndTrack(Parameters, Gradient, Target, polyak!.Value);
            return;
        }

        optimiser.Step(Parameters, Gradient);
        if (track)
        {
            Track();
        }
    }

    /// <summary>target ← ρ target + (1 − ρ) θ.</summary>
    public void Track() => Vectors.Interpolate(Target.Span, polyak!.Value, Parameters.Span);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        NetworkState.Save(writer.Group("network"), Layout, Parameters);
        if (HasTarget)
        {
            NetworkState.Save(writer.Group("target"), Layout, Target);
        }

        // a player that did not move in the last round still shows its gradient in tables
        Gradient.Save(writer, "gradient");
        writer.Write("optimiser", optimiser);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        NetworkState.Load(reader.Group("network"), Layout, Parameters);
        if (HasTarget)
        {
            NetworkState.Load(reader.Group("target"), Layout, Target);
        }

        Gradient.Load(reader, "gradient");
        reader.Read("optimiser", optimiser);
    }
}
