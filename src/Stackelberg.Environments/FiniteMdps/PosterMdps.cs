using Stackelberg.Environments.Internals;

namespace Stackelberg.Environments;

/// <summary>
/// The finite MDPs of the poster on model-based reinforcement learning as a Stackelberg game: those of its results and of its two counterexamples, with the
/// variants its authors published as code. All last 50 steps and are undiscounted.
/// </summary>
/// <remarks>
/// The counterexamples come in pairs: the true MDP, and a model with zero loss on what its own best policy visits, which traps the policy. In a model, what
/// the poster leaves open (it is never visited) is as in the true MDP.
/// </remarks>
public static class PosterMdps
{
    private const int Steps = 50;

    /// <summary>The MDP of the poster's results: states A, B (start), C (terminal); the best policy takes action 1 in A and B and earns 36.45.</summary>
    public static FiniteMdp SimpleMdp2 { get; } = Simple("SimpleMdp2-v0", 0.5, 0.5);

    /// <summary>As <see cref="SimpleMdp2"/>, with −0.01 for going from B to A.</summary>
    public static FiniteMdp SimpleMdp1 { get; } = Simple("SimpleMdp1-v0", -0.01, 0.5);

    /// <summary>As <see cref="SimpleMdp2"/>, but action 0 in B always stays there.</summary>
    public static FiniteMdp SimpleMdpVariant1 { get; } = Change(
        SimpleMdp2, "SimpleMdpVariant1-v0", terminal: true, (1, 0, [0, 1, 0]));

    /// <summary>As <see cref="SimpleMdp2"/>, but action 1 in B reaches A with probability 0.8.</summary>
    public static FiniteMdp SimpleMdpVariant2 { get; } = Simple("SimpleMdpVariant2-v0", 0.5, 0.8);

    /// <summary>As <see cref="SimpleMdp2"/>, but C holds on to the agent instead of ending the episode.</summary>
    public static FiniteMdp EndlessMdp { get; } = Change(SimpleMdp2, "EndlessMdp-v0", terminal: false);

    /// <summary>As <see cref="EndlessMdp"/>, but C is left again with probability 0.1: by action 0 to B, by action 1 to A.</summary>
    public static FiniteMdp ErgodicMdp1 { get; } = Change(
        SimpleMdp2, "ErgodicMdp1-v0", terminal: false, (2, 0, [0, 0.1, 0.9]), (2, 1, [0.1, 0, 0.9]));

    /// <summary>The left counterexample: one step, 10 by action 0 or 1 by action 1.</summary>
    public static FiniteMdp Counterexample { get; } = Build("Counterexample-v0", 4, [1, 2, 3], (0, 0, 2, 1, 10), (0, 1, 3, 1, 1));

    /// <summary>A model of <see cref="Counterexample"/> that expects 0 from action 0, which its policy therefore never tries.</summary>
    public static FiniteMdp CounterexampleModel { get; } = Build("CounterexampleModel-v0", 4, [1, 2, 3], (0, 0, 1, 1, 0), (0, 1, 3, 1, 1));

    /// <summary>The right counterexample, ergodic and deterministic: 491 in 50 steps.</summary>
    public static FiniteMdp ErgodicCounterexample { get; } = Build(
        "ErgodicCounterexample-v0", 3, [],
        (0, 0, 2, 1, 1), (0, 1, 1, 1, 1), (1, 0, 0, 1, 1), (1, 1, 2, 1, 10), (2, 0, 1, 1, 10), (2, 1, 0, 1, 1));

    /// <summary>A model of <see cref="ErgodicCounterexample"/> whose policy goes to and fro between the first two states: 50 in 50 steps.</summary>
    public static FiniteMdp ErgodicCounterexampleModel { get; } = Build(
        "ErgodicCounterexampleModel-v0", 3, [],
        (0, 0, 1, 1, 0), (0, 1, 1, 1, 1), (1, 0, 0, 1, 1), (1, 1, 0, 1, 0), (2, 0, 1, 1, 10), (2, 1, 0, 1, 1));

    /// <summary>Two states, ergodic and deterministic: 246 in 50 steps by staying in the second.</summary>
    public static FiniteMdp ErgodicDeterministicMdp2 { get; } = Build(
        "ErgodicDeterministicMdp2-v0", 2, [], (0, 0, 1, 1, 1), (0, 1, 0, 1, 1), (1, 0, 1, 1, 5), (1, 1, 0, 1, 1));

    /// <summary>The right counterexample as its authors' code has it, with 5 for 10 and other labels: 246 in 50 steps.</summary>
    public static FiniteMdp ErgodicDeterministicMdp3 { get; } = Build(
        "ErgodicDeterministicMdp3-v0", 3, [],
        (0, 0, 1, 1, 1), (0, 1, 2, 1, 1), (1, 0, 2, 1, 5), (1, 1, 0, 1, 1), (2, 0, 0, 1, 1), (2, 1, 1, 1, 5));

    /// <summary>Four states with a cheap cycle (0.1 per step) at the start and a rich one (9.9) one unpaid step away: 485.1 in 50 steps.</summary>
    public static FiniteMdp FourStateMdp { get; } = FourStates("FourStateMdp-v0", 1);

    /// <summary>As <see cref="FourStateMdp"/>, but steps in the rich cycle succeed with probability 0.9 and else stay unpaid: 436.59.</summary>
    public static FiniteMdp FourStateErgodicMdp { get; } = FourStates("FourStateErgodicMdp-v0", 0.9);

    /// <summary>All of them; each is called as it is registered.</summary>
    public static IReadOnlyList<FiniteMdp> All { get; } =
    [
        SimpleMdp1, SimpleMdp2, SimpleMdpVariant1, SimpleMdpVariant2, EndlessMdp, ErgodicMdp1, Counterexample, CounterexampleModel,
        ErgodicCounterexample, ErgodicCounterexampleModel, ErgodicDeterministicMdp2, ErgodicDeterministicMdp3, FourStateMdp, FourStateErgodicMdp,
    ];

    /// <summary>Registers all of them as environments that show the state as a one-hot vector.</summary>
    /// <exception cref="ArgumentException">One of the ids is taken.</exception>
    public static void Register(EnvironmentCatalogue catalogue)
    {
        foreach (FiniteMdp mdp in All)
        {
            EnvironmentSpec spec = FiniteMdpEnvironment.SpecOf(mdp, mdp.Name);
            catalogue.Add(spec, new FiniteMdpOptions(), o => new FiniteMdpEnvironment(mdp, o.Observation, spec));
        }
    }

    private static FiniteMdp Simple(string name, double rewardToA, double reachA)
    {
        MdpBuilder builder = new(["A", "B", "C"], ["0", "1"]);
        builder.Add(0, 0, 0, 0.1, 1).Add(0, 0, 1, 0.6, -0.05).Add(0, 0, 2, 0.3, 1);
        builder.Add(0, 1, 0, 1, 0.75);
        builder.Add(1, 0, 0, 0, 0).Add(1, 0, 1, 0.2, -0.05).Add(1, 0, 2, 0.8, 1);
        builder.Add(1, 1, 0, reachA, rewardToA).Add(1, 1, 1, 1 - reachA, -0.05);
        return builder.Build(name, start: 1, terminal: [2], Steps);
    }

    private static FiniteMdp FourStates(string name, double success) =>
        new MdpBuilder(RandomMdps.Names("s", 4), ["0", "1"])
            .Add(0, 0, 1, 1, 0.1).Add(0, 1, 3, 1, 0)
            .Add(1, 0, 2, 1, 0).Add(1, 1, 0, 1, 0.1)
            .Add(2, 0, 3, success, 9.9).Add(2, 0, 2, 1 - success, 0).Add(2, 1, 1, 1, 0)
            .Add(3, 0, 0, 1, 0).Add(3, 1, 2, success, 9.9).Add(3, 1, 3, 1 - success, 0)
            .Build(name, start: 0, terminal: [], Steps);

    private static FiniteMdp Build(
        string name, int states, int[] terminal, params (int State, int Action, int Next, double Probability, double Reward)[] moves)
    {
        MdpBuilder builder = new(RandomMdps.Names("s", states), ["0", "1"]);
        foreach ((int state, int action, int next, double probability, double reward) in moves)
        {
            builder.Add(state, action, next, probability, reward);
        }

        return builder.Build(name, start: 0, terminal, Steps);
    }

    private static FiniteMdp Change(FiniteMdp mdp, string name, bool terminal, params (int State, int Action, double[] Row)[] rows)
    {
        MdpBuilder builder = new(mdp.States, mdp.Actions);
        for (int s = 0; s < mdp.StateCount; s++)
        {
            for (int a = 0; a < mdp.ActionCount; a++)
            {
                double[] row = Array.Find(rows, r => r.State == s && r.Action == a).Row ?? mdp.Transition(s, a).ToArray();
                for (int next = 0; next < row.Length; next++)
                {
                    builder.Add(s, a, next, row[next], mdp.Reward(s, a, next));
                }
            }
        }

        return builder.Build(name, start: 1, terminal ? [2] : [], Steps);
    }
}
