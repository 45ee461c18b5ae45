using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>A Markov decision process with finitely many states and actions, known exactly.</summary>
/// <remarks>
/// Immutable. Tensors are row-major [state × action × next state]. A terminal state ends the episode when it is entered: what its own rows say is never
/// used, and its value is 0. The rows of states that no start reaches never act either; where such a row is no distribution, it is kept as zeros.
/// </remarks>
public sealed class FiniteMdp
{
    /// <summary>How far probabilities may be from summing to 1.</summary>
    public const double ProbabilityTolerance = 1e-9;

    private readonly double[] transitions;
    private readonly double[] rewards;
    private readonly double[] initial;
    private readonly bool[] terminal;
    private readonly bool[] reachable;

    /// <summary>Checks and keeps a model.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="states">Names of the states, distinct.</param>
    /// <param name="actions">Names of the actions, distinct.</param>
    /// <param name="transitions">P(s' | s, a), [S × A × S]; every row that acts sums to 1.</param>
    /// <param name="rewards">r(s, a, s'), [S × A × S]; finite.</param>
    /// <param name="initial">Distribution of the first state, [S].</param>
    /// <param name="terminal">Which states end the episode, [S].</param>
    /// <exception cref="ArgumentException">A length, probability, sum, reward, discount or horizon is wrong; the message says which, with its index.</exception>
    public FiniteMdp(
        string name,
        IReadOnlyList<string> states,
        IReadOnlyList<string> actions,
        ReadOnlySpan<double> transitions,
        ReadOnlySpan<double> rewards,
        ReadOnlySpan<double> initial,
        ReadOnlySpan<bool> terminal)
    {
        (Name, States, Actions) = (name, [.. states], [.. actions]);
        RequireNames("state", States);
        RequireNames("action", Actions);
        long numbers = (long)StateCount * ActionCount * StateCount;
        int size = numbers <= Array.MaxLength ? (int)numbers : throw Fault($"{StateCount} states and {ActionCount} actions have {numbers} transitions; at most {Array.MaxLength} are kept");
        RequireLength("transitions", transitions.Length, size);
        RequireLength("rewards", rewards.Length, size);
        RequireLength("initial", initial.Length, StateCount);
        RequireLength("terminal", terminal.Length, StateCount);
        this.transitions = transitions.ToArray();
        this.rewards = rewards.ToArray();
        this.initial = initial.ToArray();
        this.terminal = terminal.ToArray();
        RequireDistribution("initial", this.initial);
        reachable = Reach();
        for (int s = 0; s < StateCount; s++)
        {
            for (int a = 0; a < ActionCount; a++)
            {
                for (int next = 0; next < StateCount; next++)
                {
                    if (!double.IsFinite(Reward(s, a, next)))
                    {
                        throw Fault($"rewards[{s}][{a}][{next}] is {Number(Reward(s, a, next))}; rewards are finite");
                    }
                }

                if (!Acts(s) && DistributionFault("", Transition(s, a)) is not null)
                {
                    this.transitions.AsSpan(Row(s, a), StateCount).Clear();
                }
            }
        }
    }

    /// <summary>What messages call the model.</summary>
    public string Name { get; }

    /// <summary>Names of the states.</summary>
    public IReadOnlyList<string> States { get; }

    /// <summary>Names of the actions.</summary>
    public IReadOnlyList<string> Actions { get; }

    /// <summary>Number of states.</summary>
    public int StateCount => States.Count;

    /// <summary>Number of actions.</summary>
    public int ActionCount => Actions.Count;

    /// <summary>Discount in [0, 1].</summary>
    /// <exception cref="ArgumentException">Set outside [0, 1].</exception>
    public double Discount
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw Fault($"discount is {Number(value)}; it lies in [0, 1]");
    } = 1;

    /// <summary>Steps after which an episode is truncated; null for none.</summary>
    /// <exception cref="ArgumentException">Set to less than 1.</exception>
    public int? Horizon
    {
        get;
        init => field = value is null or > 0 ? value : throw Fault($"horizon is {value}; it is at least 1, or left out");
    }

    /// <summary>Distribution of the first state.</summary>
    public ReadOnlySpan<double> Initial => initial;

    /// <summary>P(s' | s, a) over all s'.</summary>
    public ReadOnlySpan<double> Transition(int state, int action) => transitions.AsSpan(Row(state, action), StateCount);

    /// <summary>r(s, a, s').</summary>
    public double Reward(int state, int action, int next) => rewards[Row(state, action) + next];

    /// <summary>Expectation of the reward over s'.</summary>
    public double ExpectedReward(int state, int action)
    {
        ReadOnlySpan<double> row = Transition(state, action);
        double sum = 0;
        for (int next = 0; next < row.Length; next++)
        {
            sum += row[next] * Reward(state, action, next);
        }

        return sum;
    }

    /// <summary>Whether entering the state ends the episode.</summary>
    public bool IsTerminal(int state) => terminal[state];

    /// <summary>Whether an episode can come to a state and goes on from it: only the rows of such states matter.</summary>
    public bool Acts(int state) => reachable[state] && !terminal[state];

    /// <summary>Whether neither starts nor the transitions that act leave anything to chance.</summary>
    public bool IsDeterministic => !Array.Exists(initial, InsideUnit)
        && !Enumerable.Range(0, StateCount).Any(s => Acts(s) && transitions.AsSpan(Row(s, 0), ActionCount * StateCount).IndexOfAnyExcept(0.0, 1.0) >= 0);

    /// <summary>The same model with other transitions, [S × A × S]: a learned or invented model of the same task.</summary>
    /// <exception cref="ArgumentException">The length is wrong, or a row is no distribution.</exception>
    public FiniteMdp WithTransitions(ReadOnlySpan<double> other, string? name = null) =>
        new(name ?? Name, States, Actions, other, rewards, initial, terminal) { Discount = Discount, Horizon = Horizon };

    /// <summary>The same model with another discount.</summary>
    /// <exception cref="ArgumentException">It is outside [0, 1].</exception>
    public FiniteMdp WithDiscount(double discount) =>
        new(Name, States, Actions, transitions, rewards, initial, terminal) { Discount = discount, Horizon = Horizon };

    /// <summary>The same task with every P(· | s, a) drawn uniformly from all distributions over the states (Dirichlet with all parameters 1); rows of
    /// terminal states stay.</summary>
    public FiniteMdp WithRandomTransitions(RandomStream random)
    {
        double[] drawn = [.. transitions];
        for (int s = 0; s < StateCount; s++)
        {
            for (int a = 0; a < ActionCount && !terminal[s]; a++)
            {
                RandomMdps.FillDirichlet(random, drawn.AsSpan(Row(s, a), StateCount));
            }
        }

        return WithTransitions(drawn);
    }

    private static bool InsideUnit(double probability) => probability is > 0 and < 1;

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private int Row(int state, int action) => ((state * ActionCount) + action) * StateCount;

    private ArgumentException Fault(string what) => new($"MDP '{Name}': {what}.");

    private void RequireNames(string kind, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            throw Fault($"it has no {kind}; give at least one");
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]) || !seen.Add(names[i]))
            {
                throw Fault($"{kind} {i} is called '{names[i]}'; names are distinct and not empty");
            }
        }
    }

    private void RequireLength(string what, int given, int needed)
    {
        if (given != needed)
        {
            throw Fault($"{what} has {given} numbers; {StateCount} states and {ActionCount} actions need {needed}");
        }
    }

    /// <summary>Which states the starts reach; checks the rows of those on the way.</summary>
    private bool[] Reach()
    {
        bool[] reached = new bool[StateCount];
        Stack<int> open = new();
        Enter(initial);
        while (open.TryPop(out int s))
        {
            for (int a = 0; a < ActionCount && !terminal[s]; a++)
            {
                RequireDistribution($"transitions[{s}][{a}]", Transition(s, a));
                Enter(Transition(s, a));
            }
        }

        return reached;

        void Enter(ReadOnlySpan<double> probabilities)
        {
            for (int next = 0; next < probabilities.Length; next++)
            {
                if (probabilities[next] > 0 && !reached[next])
                {
                    reached[next] = true;
                    open.Push(next);
                }
            }
        }
    }

    private void RequireDistribution(string what, ReadOnlySpan<double> probabilities)
    {
        if (DistributionFault(what, probabilities) is { } fault)
        {
            throw Fault(fault);
        }
    }

    private static string? DistributionFault(string what, ReadOnlySpan<double> probabilities)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= 1))
            {
                return $"{what}[{i}] is {Number(probabilities[i])}; probabilities lie in [0, 1]";
            }

            sum += probabilities[i];
        }

        return Math.Abs(sum - 1) <= ProbabilityTolerance ? null : $"{what} sums to {Number(sum)}; probabilities sum to 1 within {Number(ProbabilityTolerance)}";
    }
}
