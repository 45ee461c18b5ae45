using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>What a random MDP looks like.</summary>
public sealed record RandomMdpOptions
{
    /// <summary>Number of states.</summary>
    public int States { get; init; } = 10;

    /// <summary>Number of actions.</summary>
    public int Actions { get; init; } = 3;

    /// <summary>How many states can follow each state and action, from 1 to the number of states.</summary>
    public int Branching { get; init; } = 3;

    /// <summary>Standard deviation of the normal reward of each state and action.</summary>
    public double RewardDeviation { get; init; } = 1;

    /// <summary>Discount in [0, 1].</summary>
    public double Discount { get; init; } = 0.95;
}

/// <summary>Random MDPs.</summary>
public static class RandomMdps
{
    /// <summary>
    /// A Garnet problem (Archibald, McKinnon and Thomas 1995; as in Bhatnagar, Sutton, Ghavamzadeh and Lee 2009): every state and action leads to
    /// <see cref="RandomMdpOptions.Branching"/> distinct states chosen uniformly, with probabilities from uniform cuts of [0, 1], and a normal reward that
    /// does not depend on the next state. Starts are uniform, nothing is terminal.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static FiniteMdp Garnet(RandomStream random, RandomMdpOptions? options = null)
    {
        options ??= new RandomMdpOptions();
        (int states, int actions, int branching) = (options.States, options.Actions, options.Branching);
        if (states < 1 || actions < 1 || branching < 1 || branching > states || !(options.RewardDeviation >= 0 && double.IsFinite(options.RewardDeviation)))
        {
            throw new ArgumentException($"{options}: states and actions are at least 1, branching from 1 to the number of states, the reward deviation at least 0.",
                nameof(options));
        }

        double[] transitions = new double[states * actions * states], rewards = new double[transitions.Length];
        double[] initial = new double[states], chosen = new double[branching];
        int[] order = [.. Enumerable.Range(0, states)];
        Array.Fill(initial, 1.0 / states);
        for (int row = 0; row < states * actions; row++)
        {
            FillDirichlet(random, chosen);
            for (int i = 0; i < branching; i++)
            {
                int other = i + random.NextInt32(states - i);
                (order[i], order[other]) = (order[other], order[i]);
                transitions[(row * states) + order[i]] = chosen[i];
            }

            rewards.AsSpan(row * states, states).Fill(options.RewardDeviation * random.NextNormal());
        }

        return new FiniteMdp(
            $"Garnet({states}, {actions}, {branching})", Names("s", states), Names("a", actions), transitions, rewards, initial, new bool[states])
        {
            Discount = options.Discount,
        };
    }

    // The gaps between sorted uniforms are uniform on the simplex.
    internal static void FillDirichlet(RandomStream random, Span<double> probabilities)
    {
        for (int i = 0; i < probabilities.Length - 1; i++)
        {
            probabilities[i] = random.NextDouble();
        }

        probabilities[^1] = 1;
        probabilities[..^1].Sort();
        for (int i = probabilities.Length - 1; i > 0; i--)
        {
            probabilities[i] -= probabilities[i - 1];
        }
    }

    internal static string[] Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
}
