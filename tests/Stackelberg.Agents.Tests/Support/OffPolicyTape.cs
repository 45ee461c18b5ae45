using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>The objectives of a learner with a deterministic actor and without noise, recorded on the tape: the generic way to their derivatives.</summary>
internal sealed class OffPolicyTape
{
    private readonly Tape<double> tape = new();
    private readonly OffPolicyGame game;
    private readonly Variable[] actor;
    private readonly Variable[] critic;
    private readonly Variable observations;

    public OffPolicyTape(OffPolicyGame game)
    {
        this.game = game;
        actor = Leaves(game.Policy.Layout, game.Actor.Parameters);
        critic = Leaves(game.CriticLayout, game.Critics[0].Parameters);
        observations = tape.Leaf(game.Objectives.Batch.Observations);
        Variable own = tape.Mlp(game.CriticLayout, tape.Concat(observations, Act(observations)), critic);
        ActorLoss = tape.Negate(tape.Mean(own));

        // the smaller target critic at the current actor's next action
        Variable next = tape.Leaf(game.Objectives.Batch.NextObservations);
        Variable nextInput = tape.Concat(next, Act(next));
        Variable value = game.Critics
            .Select(c => tape.Mlp(game.CriticLayout, nextInput, Leaves(game.CriticLayout, c.Target)))
            .Aggregate(tape.Minimum);
        int rows = game.Objectives.Batch.Rows;
        Variable target = tape.Add(
            tape.Constant(game.Objectives.Batch.Rewards, rows, 1), tape.Multiply(tape.Constant([.. game.Objectives.Batch.Continues.Select(c => 0.99 * c)], rows, 1), value));
        Variable taken = tape.Mlp(game.CriticLayout, tape.Leaf(game.Objectives.Batch.Inputs), critic);
        BellmanLoss = tape.Mean(tape.Square(tape.Subtract(taken, target)));
        PolicyLoss = tape.Mean(tape.Square(tape.Subtract(own, tape.Constant(game.Objectives.Targets, rows, 1))));
    }

    public Variable ActorLoss { get; }

    public Variable BellmanLoss { get; }

    public Variable PolicyLoss { get; }

    /// <summary>∂_θ(∂_w loss · v).</summary>
    public double[] MixedProductOfActor(Variable loss, double[] v) => Mixed(loss, game.CriticLayout, critic, v, game.Policy.Layout, actor);

    /// <summary>∂_w(∂_θ loss · v).</summary>
    public double[] MixedProductOfCritic(Variable loss, double[] v) => Mixed(loss, game.Policy.Layout, actor, v, game.CriticLayout, critic);

    /// <summary>∂²loss/∂θ² v.</summary>
    public double[] HessianOfActor(Variable loss, double[] v) => Mixed(loss, game.Policy.Layout, actor, v, game.Policy.Layout, actor);

    private double[] Mixed(Variable loss, MlpLayout innerLayout, Variable[] inner, double[] v, MlpLayout outerLayout, Variable[] outer)
    {
        var direction = new FlatVector<double>(innerLayout.Parameters.Length);
        v.CopyTo(direction.Span);
        Variable[] directions = Leaves(innerLayout, direction);
        var products = new Variable[outer.Length];
        tape.MixedProduct(loss, inner, directions, outer, products);
        var result = new FlatVector<double>(outerLayout.Parameters.Length);
        tape.CopyTo(products, outerLayout.Parameters, result);
        return result.Span.ToArray();
    }

    private Variable Act(Variable input)
    {
        int rows = game.Objectives.Batch.Rows;
        Variable unit = tape.Mlp(game.Policy.Layout, input, actor);
        Variable half = tape.BroadcastRow(tape.Constant(game.Policy.HalfRange, 1, game.Policy.ActionSize), rows);
        Variable centre = tape.BroadcastRow(tape.Constant(game.Policy.Centre, 1, game.Policy.ActionSize), rows);
        return tape.Add(centre, tape.Multiply(half, unit));
    }

    private Variable[] Leaves(MlpLayout layout, FlatVector<double> vector)
    {
        var leaves = new Variable[layout.Parameters.Blocks.Count];
        tape.Leaves(layout.Parameters, vector, leaves);
        return leaves;
    }
}
