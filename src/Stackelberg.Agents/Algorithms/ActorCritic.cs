using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// Actor-critic (AC), the baseline of the STAC paper: θ ← θ + α_θ ∂J/∂θ, then k times w ← w − α_w ∂L/∂w (eqs. 9, 10).
/// </summary>
/// <remarks>
/// J is ascended as f₁ = −J; L(w) is the mean of (V_w(s_t) − R_t)² over the rollout. Zheng, Fiez, Alumbaugh, Chasnov, Ratliff: Stackelberg
/// Actor-Critic: Game-Theoretic Reinforcement Learning Algorithms (AAAI 2022), and its workshop version.
/// </remarks>
public class ActorCritic<T> : IAlgorithm
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AcOptions options;
    private readonly OnPolicyCollector<T> collector;
    private readonly RowParallelism? parallelism;
    private readonly IOptimiser<T> actorOptimiser;
    private readonly IOptimiser<T> criticOptimiser;
    private readonly FlatVector<T> actorGradient;
    private readonly FlatVector<T> criticGradient;
    private readonly Func<double[], double> bootstrap;
    private readonly RandomStream bootstrapStream;
    private readonly double[] bootstrapAction;

    /// <summary>Builds networks, optimisers and collector.</summary>
    public ActorCritic(AlgorithmContext context, AcOptions options)
    {
        this.options = options;
        Space observations = context.Environment.ObservationSpace;
        Space actions = context.Environment.ActionSpace;
        int rows = (int)Math.Min(options.StepsPerIteration, Math.Max(1, context.TotalTimesteps));
        parallelism = context.Threads > 1 ? new RowParallelism(Math.Min(context.Threads, RowParallelism.MaximumThreads)) : null;
        Actor = StochasticActor<T>.For(observations, actions, options.Actor, rows, context.Random.Split("actor"), parallelism);
        Critic = new Critic<T>(
            observations,
            options.Form == ActorCriticForm.PaperQ ? actions : null,
            options.Critic,
            rows,
            context.Random.Split("critic"),
            parallelism);
        Rollout = new Rollout<T>(rows, observations.Size, Actor.ActionSize);
        collector = new OnPolicyCollector<T>(context.Environment, Actor, options.TimeLimit, context.Random);
        bootstrap = Bootstrap;
        bootstrapStream = context.Random.Split("bootstrap");
        bootstrapAction = new double[actions.Size];
        actorOptimiser = options.Actor.Optimiser.Create<T>(Actor.Parameters.Length, options.Actor.LearningRate);
        criticOptimiser = options.Critic.Optimiser.Create<T>(Critic.Parameters.Length, options.Critic.LearningRate);
        actorGradient = new FlatVector<T>(Actor.Parameters.Length);
        criticGradient = new FlatVector<T>(Critic.Parameters.Length);
        StepWeights = new double[rows];
    }

    /// <inheritdoc/>
    public long Steps => collector.Steps;

    /// <inheritdoc/>
    public long Iterations { get; private set; }

    /// <inheritdoc/>
    public TrainingClock Clock { get; } = new();

    /// <inheritdoc/>
    public IPolicy Policy => Actor;

    /// <inheritdoc/>
    public IReadOnlyList<(string Network, int Parameters)> Networks =>
        [("actor", Actor.Layout.Parameters.Count), ("critic", Critic.Layout.Parameters.Count)];

    /// <summary>π_θ</summary>
    public StochasticActor<T> Actor { get; }

    /// <summary>V_w, or Q_w in the form <see cref="ActorCriticForm.PaperQ"/>.</summary>
    public Critic<T> Critic { get; }

    /// <summary>The rollout of the present iteration, with advantages and returns.</summary>
    public Rollout<T> Rollout { get; }

    /// <summary>−ψ_t of the last <see cref="DirectGradient"/>: f₁ is Σ_t of these times log π(a_t | s_t).</summary>
    protected double[] StepWeights { get; }

    /// <summary>Standard deviation of the advantages before they were normalised.</summary>
    protected double AdvantageScale { get; private set; } = 1;

    /// <inheritdoc/>
    public void Iterate(long maximumSteps, ITrainingSink sink)
    {
        Collect((int)Math.Min(Rollout.Capacity, maximumSteps), sink);
        long start = Stopwatch.GetTimestamp();
        Prepare();

        // θ ← θ − α_θ D f₁, with f₁ = −J
        ActorGradient(actorGradient, sink);
        double gradientNorm = Vectors.Norm<T>(actorGradient.Span);
        actorOptimiser.Step(Actor.Parameters, actorGradient);

        // w ← w − α_w D L, k times
        double lossBefore = 0;
        double loss = 0;
        for (int k = 0; k < options.Critic.Updates; k++)
        {
            loss = CriticGradient(criticGradient);
            lossBefore = k == 0 ? loss : lossBefore;
            criticOptimiser.Step(Critic.Parameters, criticGradient);
        }

        CriticStepped(lossBefore);
        Clock.UpdateSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        RequireFinite(gradientNorm, loss);
        Iterations++;
        sink.Metric("actor/gradient_norm", gradientNorm);
        sink.Metric("actor/entropy", Actor.MeanEntropy());
        sink.Metric("critic/loss_before", lossBefore);
        sink.Metric("critic/loss", loss);
    }

    /// <inheritdoc/>
    public virtual void Save(StateWriter writer)
    {
        writer.Write("iterations", Iterations);
        NetworkState.Save(writer.Group("actor"), Actor.Layout.Parameters, Actor.Parameters);
        NetworkState.Save(writer.Group("critic"), Critic.Layout.Parameters, Critic.Parameters);
        writer.Write("actor_optimiser", actorOptimiser);
        writer.Write("critic_optimiser", criticOptimiser);
        writer.Write("bootstrap_stream", bootstrapStream);
        writer.Write("collector", collector);
    }

    /// <inheritdoc/>
    public virtual void Load(StateReader reader)
    {
        Iterations = reader.ReadInt64("iterations");
        NetworkState.Load(reader.Group("actor"), Actor.Layout.Parameters, Actor.Parameters);
        NetworkState.Load(reader.Group("critic"), Critic.Layout.Parameters, Critic.Parameters);
        reader.Read("actor_optimiser", actorOptimiser);
        reader.Read("critic_optimiser", criticOptimiser);
        reader.Read("bootstrap_stream", bootstrapStream);
        reader.Read("collector", collector);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        collector.Dispose();
        parallelism?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Fills <see cref="Rollout"/>.</summary>
    internal void Collect(int steps, ITrainingSink sink) => collector.Collect(Rollout, steps, bootstrap, sink, Clock);

    /// <summary>Evaluates both networks on the rollout and estimates returns and advantages.</summary>
    internal void Prepare()
    {
        Critic.Load(Rollout);
        Critic.Evaluate(Rollout.Count);
        Matrix<T> values = Critic.Linearisation.Outputs;
        for (int t = 0; t < Rollout.Count; t++)
        {
            Rollout.Values[t] = double.CreateTruncating(values.Span[t * values.Stride]);
        }

        Rollout.Estimate(options.Gamma, options.GaeLambda);
        AdvantageScale = Rollout.NormaliseAdvantages();
        Actor.Evaluate(Rollout.Observations, Rollout.Count);
    }

    /// <summary>gradient ← what the actor descends; here ∂f₁/∂θ.</summary>
    internal virtual void ActorGradient(FlatVector<T> gradient, ITrainingSink sink) => DirectGradient(gradient);

    /// <summary>gradient ← what the critic descends in each of its k steps; here ∂L/∂w. Returns L.</summary>
    internal virtual double CriticGradient(FlatVector<T> gradient) =>
        Critic.Linearisation.SquaredLossGradient(
            Critic.Parameters, Critic.Inputs, Rollout.Targets.AsSpan(0, Rollout.Count), Rollout.Count, gradient);

    /// <summary>The critic has taken its k steps from the loss <paramref name="lossBefore"/>.</summary>
    internal virtual void CriticStepped(double lossBefore)
    {
    }

    /// <summary>gradient ← ∂f₁/∂θ = −Σ_t ψ_t ∇log π(a_t | s_t), with ψ_t by the form.</summary>
    internal void DirectGradient(FlatVector<T> gradient)
    {
        foreach (Trajectory trajectory in Rollout.Trajectories)
        {
            double discount = 1;
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double psi = options.Form switch
                {
                    ActorCriticForm.Official => Rollout.Advantages[t] / Rollout.Count,
                    ActorCriticForm.Paper => discount * Rollout.Returns[t] / Rollout.Trajectories.Length,
                    _ => discount * Rollout.Values[t] / Rollout.Trajectories.Length,
                };
                StepWeights[t] = -psi;
                discount *= options.Gamma;
            }
        }

        Actor.Score(Rollout.Actions, StepWeights, gradient);
    }

    /// <summary>The value of an observation where a trajectory was cut: V_w(s), or Q_w(s, a) with a fresh action.</summary>
    private double Bootstrap(double[] observation)
    {
        if (!Critic.TakesActions)
        {
            return Critic.ValueOf(observation);
        }

        Actor.Draw(observation, bootstrapAction, PolicyMode.Stochastic, bootstrapStream);
        return Critic.ValueOf(observation, bootstrapAction);
    }

    private void RequireFinite(double gradientNorm, double loss)
    {
        string? what = !double.IsFinite(gradientNorm) ? $"the actor's gradient (norm {gradientNorm})"
            : !double.IsFinite(loss) ? $"the critic's loss ({loss})"
            : !Vectors.AllFinite<T>(Actor.Parameters.Span) ? "the actor's parameters"
            : !Vectors.AllFinite<T>(Critic.Parameters.Span) ? "the critic's parameters"
            : null;
        if (what is not null)
        {
            throw new NumericalException(
                $"NaN or infinity in {what} in iteration {Iterations + 1}, at environment step {Steps}. " +
                "Smaller actor.learning_rate or critic.learning_rate, or larger hypergradient.damping, usually help.");
        }
    }
}
