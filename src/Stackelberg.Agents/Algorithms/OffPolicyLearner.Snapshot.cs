using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

public abstract partial class OffPolicyLearner<T>
{
    /// <summary>Standard normal draws behind the noise on next actions, [batch × action size]; empty for methods without.</summary>
    internal virtual ReadOnlySpan<T> SmoothingNoise => [];

    /// <summary>
    /// Draws a batch and takes the leader's total derivative there, with both players where they are. Nobody moves; the streams of batch and noise go on,
    /// and the gradients last taken, of which the actor's is a metric and saved, are those of the snapshot.
    /// </summary>
    /// <exception cref="InvalidOperationException">The method has no leader, or the replay buffer is empty.</exception>
    public LeaderGradientSnapshot TakeSnapshot()
    {
        if (stackelberg is null)
        {
            throw new InvalidOperationException("There is no leader, so it has no total derivative; set leader=actor or leader=critic.");
        }

        var choice = (IStackelbergOptions)options;
        Sample();
        LeaderGradient<T> gradient = stackelberg.Examine(out T[] initial, out ReadOnlySpan<T> total);
        ImplicitHypergradient<T> applied = gradient.Applied;
        HypergradientReport report = gradient.AppliedReport;
        bool guarded = applied != gradient.Implicit;
        bool actorLeads = choice.Leader == Leader.Actor;
        T[] direct = actorLeads ? ActorGradient.Span.ToArray() : [.. Critics.SelectMany(static c => c.Gradient.Span.ToArray())];
        // the term of a solve of no use was dropped
        T[] implicitTerm = report.Guarded ? new T[direct.Length] : applied.ImplicitTerm.ToArray();
        List<NamedArray> results =
        [
            OverParameters("direct", direct, actorLeads),
            OverParameters("right_hand_side", applied.RightHandSide, !actorLeads),
            OverParameters("solution", applied.Solution, !actorLeads),
            OverParameters("implicit", implicitTerm, actorLeads),
            OverParameters("total", total, actorLeads),
            PerRow("targets", Targets),
        ];
        if (initial.Length > 0)
        {
            results.Add(OverParameters("initial_solution", initial, !actorLeads));
        }

        return new LeaderGradientSnapshot
        {
            Options = options,
            Leader = choice.Leader,
            FollowerLoss = choice.FollowerLoss,
            UpdateOrder = choice.UpdateOrder,
            FollowerSteps = choice.FollowerSteps,
            Hypergradient = guarded ? (OffPolicyHypergradientOptions)LeaderGradient<T>.FallbackOf(choice.Hypergradient) : choice.Hypergradient,
            Guarded = guarded || report.Guarded,
            Report = report,
            Steps = Steps,
            Temperature = Temperature,
            ActionCentre = Widen(Actor.Centre),
            ActionHalfRange = Widen(Actor.HalfRange),
            ActorLayout = Actor.Layout,
            CriticLayout = Critics[0].Layout,
            ActorCritics = ActorCritics,
            Networks = [.. AllNetworks()],
            LeaderNetworks = actorLeads ? ["actor"] : CriticNames(Critics.Length),
            FollowerNetworks = actorLeads ? CriticNames(ActorCritics) : ["actor"],
            Batch = [.. BatchArrays()],
            Terminated = Array.ConvertAll(Batch.Continues, static c => c == T.Zero),
            Results = results,
        };
    }

    private static string[] CriticNames(int count) => [.. Enumerable.Range(0, count).Select(CriticName)];

    private static string CriticName(int i) => i == 0 ? "critic" : $"critic{i + 1}";

    private static double[] Widen(ReadOnlySpan<T> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(values[i]);
        }

        return wide;
    }

    private NamedArray OverParameters(string name, ReadOnlySpan<T> vector, bool actor)
    {
        ParameterLayout layout = (actor ? Actor.Layout : Critics[0].Layout).Parameters;
        var values = new List<double>();
        for (int offset = 0; offset < vector.Length; offset += layout.Length)
        {
            values.AddRange(NetworkState.Flatten(layout, vector.Slice(offset, layout.Length)));
        }

        return new NamedArray(name, [values.Count], [.. values]);
    }

    private NamedArray PerRow(string name, ReadOnlySpan<T> values) => new(name, [Batch.Rows], Widen(values));

    private NamedArray Columns(string name, Matrix<T> matrix, int first, int count)
    {
        var values = new List<double>();
        for (int i = 0; i < Batch.Rows; i++)
        {
            values.AddRange(Widen(matrix.Row(i).Slice(first, count)));
        }

        return new NamedArray(name, [Batch.Rows, count], [.. values]);
    }

    private IEnumerable<NamedArray> BatchArrays()
    {
        int size = Actor.Layout.Inputs;
        yield return Columns("observations", Batch.Observations, 0, size);
        yield return Columns("actions", Batch.Inputs, size, Actor.ActionSize);
        yield return PerRow("rewards", Batch.Rewards);
        yield return Columns("next_observations", Batch.NextObservations, 0, size);
        if (SmoothingNoise.Length > 0)
        {
            yield return Draws("noise", SmoothingNoise);
        }

        if (AtObservations.Draws.Length > 0)
        {
            yield return Draws("epsilon", AtObservations.Draws);
            yield return Draws("next_epsilon", AtNext.Draws);
        }
    }

    private NamedArray Draws(string name, ReadOnlySpan<T> values) => new(name, [Batch.Rows, Actor.ActionSize], Widen(values));

    private IEnumerable<(string Name, IReadOnlyList<NamedArray> Tensors)> AllNetworks()
    {
        yield return ("actor", NetworkState.Tensors(Actor.Layout.Parameters, Actor.Parameters));
        if (HasTargetActor)
        {
            yield return ("target_actor", NetworkState.Tensors(Actor.Layout.Parameters, Actor.Target));
        }

        for (int i = 0; i < Critics.Length; i++)
        {
            QCritic<T> critic = Critics[i];
            yield return (CriticName(i), NetworkState.Tensors(critic.Layout.Parameters, critic.Parameters));
            yield return ("target_" + CriticName(i), NetworkState.Tensors(critic.Layout.Parameters, critic.Target));
        }
    }
}
