namespace Stackelberg.Examples.Algorithm;

public sealed record DdpgBcOptions : OffPolicyOptions
{
    [Option("Weight β of the squared distance between the actor's actions and those taken.", Minimum = 0)]
    public double Imitation { get; init; } = 0.1;
}

/// <summary>DDPG that stays near the actions taken: f_A = mean (β‖μ_θ(s) − a‖² − Q_w(s, μ_θ(s))), f_C = mean (Q_w(s, a) − y_θ)².</summary>
public sealed class DdpgBc : Learner<float>
{
    private readonly DdpgBcOptions options;
    private readonly DeterministicActor<float> policy;
    private readonly MlpLayout q;
    private readonly Player<float> actor, critic;
    private readonly Replay<float> replay;
    private readonly Round<float> round;

    public DdpgBc(AlgorithmContext context, DdpgBcOptions options) : base(context)
    {
        this.options = options;
        policy = new(context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor"));
        q = new MlpLayout(policy.Layout.Inputs + policy.ActionSize, options.Critic.Hidden, 1, options.Critic.Activation);
        var w = new FlatVector<float>(q.Parameters.Length);
        MlpInitialisation.PyTorchDefault(q, w, context.Random.Split("critic"));
        actor = Keep("actor", new Player<float>("actor", policy.Layout.Parameters, policy.Parameters, options.Actor));
        critic = Keep("critic", new Player<float>("critic", q.Parameters, w, options.Critic, options.Polyak));
        replay = Keep("replay", new Replay<float>(context, policy, options));
        round = Keep("round", TapedRound.Of(options.Leading, actor, critic, Record, context, differentiatesTarget: true));
    }

    public override long Steps => replay.Steps;
    public override IPolicy Policy => policy;
    protected override void Collect(long maximumSteps, ITrainingSink sink) => replay.Collect(maximumSteps, sink, Clock);

    protected override void Update(ITrainingSink sink)
    {
        for (int i = 0; i < replay.UpdatesDue; i++)
        {
            replay.Sample();
            sink.Metric("critic/loss_before", Finite("the critic's loss", round.Play(Steps, Clock, sink).CriticBefore(options.Leading.Leader)));
        }
    }

    private BilevelLosses Record(Tape<float> tape, ReadOnlySpan<Variable> theta, ReadOnlySpan<Variable> w)
    {
        ReplayBatch<float> batch = replay.Batch;
        Variable s = tape.Leaf(batch.Observations), next = tape.Leaf(batch.NextObservations), taken = tape.Leaf(batch.Inputs);
        Variable own = tape.Concat(s, policy.Record(tape, s, theta));
        Variable distance = tape.Scale(tape.Sum(tape.Square(tape.Subtract(own, taken))), options.Imitation / batch.Rows);

        // y_θ = r + γ (1 − terminated) Q′(s′, μ_θ(s′)): the target network is data, the next action moves with θ
        Span<Variable> target = stackalloc Variable[q.Parameters.Blocks.Count];
        tape.Leaves(q.Parameters, critic.Target, target);
        Variable future = tape.Mlp(q, tape.Concat(next, policy.Record(tape, next, theta)), target);
        Variable y = tape.Add(tape.Constant(batch.Rewards, batch.Rows, 1), tape.Scale(tape.Multiply(tape.Constant(batch.Continues, batch.Rows, 1), future), options.Gamma));
        Variable error = tape.Subtract(tape.Mlp(q, taken, w), y);
        return new(tape.Subtract(distance, tape.Mean(tape.Mlp(q, own, w))), tape.Mean(tape.Square(error))) { Residuals = error };
    }
}
