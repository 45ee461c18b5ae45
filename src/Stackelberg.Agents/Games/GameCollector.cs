using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Lets several agents act in copies of their environment, with exploration, one after another in the order of play.</summary>
public sealed class GameCollector : IStateful, IDisposable
{
    private readonly Collector collector;
    private readonly IAgentChooser chooser;
    private readonly ExplorationOptions options;
    private readonly RandomStream random;
    private readonly ChooseAction choose;

    /// <summary>Seats the agents of the context's environment.</summary>
    /// <param name="chooser">Chooses where nobody explores.</param>
    /// <param name="copies">Copies of the environment, at least 1.</param>
    /// <exception cref="NotSupportedException">The environment has one agent.</exception>
    public GameCollector(AlgorithmContext context, IAgentChooser chooser, ExplorationOptions options, int copies)
    {
        Agents = context.Agents();
        (this.chooser, this.options) = (chooser, options);
        random = context.Random.Split("exploration");
        collector = new Collector(context, copies);
        choose = Choose;
    }

    /// <summary>The agents in the order of play.</summary>
    public AgentRoster Agents { get; }

    /// <summary>Environment steps so far.</summary>
    public long Steps => collector.Steps;

    /// <summary>Copies of the environment.</summary>
    public int Copies => collector.Count;

    /// <summary>ε of the next step.</summary>
    public double Epsilon => options.At(Steps);

    /// <summary>Takes steps.</summary>
    /// <param name="steps">In all, at least 1.</param>
    public void Collect(int steps, TakeTransition take, ITrainingSink sink, TrainingClock clock) => collector.Collect(steps, choose, take, sink, clock);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("exploration_stream", random);
        writer.Write("collector", collector);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.Read("exploration_stream", random);
        reader.Read("collector", collector);
    }

    /// <inheritdoc/>
    public void Dispose() => collector.Dispose();

    private void Choose(int copy, ReadOnlySpan<double> observations, Span<double> actions)
    {
        double epsilon = Epsilon;
        bool together = options.Together && Explores(epsilon);
        for (int i = 0; i < Agents.Count; i++)
        {
            if (together || (!options.Together && Explores(epsilon)))
            {
                Agents[i].ActionSpace.Sample(random, Agents.ActionOf(i, actions));
            }
            else
            {
                chooser.Choose(i, observations, actions, PolicyMode.Stochastic, random);
            }
        }
    }

    private bool Explores(double epsilon) => epsilon > 0 && random.NextDouble() < epsilon;
}

/// <summary>Finds the agents of a context.</summary>
internal static class GameContext
{
    /// <summary>The agents of the context's environment, in the order of play.</summary>
    /// <exception cref="NotSupportedException">There is one.</exception>
    public static AgentRoster Agents(this AlgorithmContext context) => context.Environment.Joint()?.Agents
        ?? throw new NotSupportedException($"{context.Environment.Spec.Id} has one agent, and this method learns for several. 'stackelberg env list' shows games.");

    /// <summary>Refuses games in which several agents move first.</summary>
    /// <exception cref="NotSupportedException">There are several.</exception>
    public static void RequireOneLeader(this AgentRoster agents, string algorithm)
    {
        string[] leaders = [.. agents.Where(static a => a.Role == AgentRole.Leader).Select(static a => a.Name)];
        if (leaders.Length != 1)
        {
            throw new NotSupportedException($"'{algorithm}' needs one leader, and on the first level are {string.Join(", ", leaders)}.");
        }
    }

    /// <summary>Refuses games of three and more.</summary>
    /// <exception cref="NotSupportedException">There are more than two agents.</exception>
    public static void RequireTwo(this AgentRoster agents, string algorithm)
    {
        if (agents.Count != 2)
        {
            throw new NotSupportedException($"'{algorithm}' is for games of two, and here are {agents.Count}: {string.Join(", ", agents.Select(static a => a.Name))}. 'bilevel-q' and 'independent-q' take any number.");
        }
    }

    /// <summary>Refuses actions that are no box with finite bounds.</summary>
    /// <exception cref="NotSupportedException">An agent's are none.</exception>
    public static void RequireBounds(this AgentRoster agents, string algorithm)
    {
        foreach (AgentSpec agent in agents)
        {
            if (agent.ActionSpace is not BoxSpace box || box.Low.ContainsAnyExceptInRange(double.MinValue, double.MaxValue) || box.High.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
            {
                throw new NotSupportedException($"'{algorithm}' needs actions within finite bounds, and those of agent '{agent.Name}' are {agent.ActionSpace}.");
            }
        }
    }

    /// <summary>How many actions each agent has.</summary>
    /// <exception cref="NotSupportedException">An agent's actions are no finite list.</exception>
    public static int[] ActionCounts(this AgentRoster agents, string algorithm) =>
    [
        .. agents.Select(a => a.ActionSpace is DiscreteSpace discrete
            ? discrete.Count
            : throw new NotSupportedException($"'{algorithm}' needs discrete actions, and those of agent '{a.Name}' are {a.ActionSpace}.")),
    ];
}
