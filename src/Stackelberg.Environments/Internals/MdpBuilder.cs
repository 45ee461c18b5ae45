namespace Stackelberg.Environments.Internals;

/// <summary>Fills the tensors of a <see cref="FiniteMdp"/> move by move; rows never mentioned stay where they are, unpaid.</summary>
internal sealed class MdpBuilder(IReadOnlyList<string> states, IReadOnlyList<string> actions)
{
    private readonly double[] transitions = new double[states.Count * actions.Count * states.Count];
    private readonly double[] rewards = new double[states.Count * actions.Count * states.Count];
    private readonly bool[] mentioned = new bool[states.Count * actions.Count];

    internal MdpBuilder Add(int state, int action, int next, double probability, double reward)
    {
        int row = (state * actions.Count) + action;
        transitions[(row * states.Count) + next] = probability;
        rewards[(row * states.Count) + next] = reward;
        mentioned[row] = true;
        return this;
    }

    internal FiniteMdp Build(string name, int start, int[] terminal, int horizon)
    {
        for (int row = 0; row < mentioned.Length; row++)
        {
            if (!mentioned[row])
            {
                transitions[(row * states.Count) + (row / actions.Count)] = 1;
            }
        }

        double[] initial = new double[states.Count];
        bool[] ends = new bool[states.Count];
        initial[start] = 1;
        Array.ForEach(terminal, s => ends[s] = true);
        return new FiniteMdp(name, states, actions, transitions, rewards, initial, ends) { Horizon = horizon };
    }
}
