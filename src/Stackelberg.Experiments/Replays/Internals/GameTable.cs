using System.Globalization;
using Stackelberg.Environments;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Holds the rows of a rollout against a game's exact model: games look alike in their columns, not in what they pay.</summary>
internal static class GameTable
{
    /// <summary>What a step of the table has otherwise than the game; null when nothing.</summary>
    /// <param name="columns">Names of the columns; there is one action, reward and state as the game needs.</param>
    /// <param name="rows">All rows; an episode begins at t = 0.</param>
    public static string? Contradiction(MarkovGame game, string[] columns, IReadOnlyList<RolloutRow> rows)
    {
        int state = Array.IndexOf(columns, "state0"), terminated = Array.IndexOf(columns, "terminated");
        int[] actions = Places(columns, "action", game.Players.Count), rewards = Places(columns, "reward", game.Players.Count);
        int[] joint = new int[game.Players.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            RolloutRow row = rows[i];
            if (!IsIndex(row[state], game.States.Count))
            {
                return Say(row, $"the state is {row[state]}; the game has {game.States.Count}");
            }

            if (row.T == 0)
            {
                continue;
            }

            for (int player = 0; player < joint.Length; player++)
            {
                double action = row[actions[player]];
                if (!IsIndex(action, game.Actions[player].Count))
                {
                    return Say(row, $"action{player} is {action}; {game.Players[player]} has {game.Actions[player].Count} actions");
                }

                joint[player] = (int)action;
            }

            (int before, int index) = ((int)rows[i - 1][state], game.JointAction(joint));
            double[] paid = [.. rewards.Select(c => row[c])], due = [.. joint.Select((_, player) => game.Reward(before, index, player))];
            if (paid.Zip(due).Any(p => !(Math.Abs(p.First - p.Second) <= 1e-9 * (1 + Math.Abs(p.Second)))))
            {
                return Say(row, $"the rewards are {string.Join(", ", paid)}; the game pays {string.Join(", ", due)} there");
            }

            if (row[state] != game.Next(before, index) || row[terminated] != (game.Terminates(before, index) ? 1 : 0))
            {
                return Say(row, $"the state is {row[state]}, terminated {row[terminated]}; the game goes elsewhere");
            }
        }

        return null;

        string Say(RolloutRow row, FormattableString what) => string.Create(CultureInfo.InvariantCulture, $"in line {row.Line} {what.ToString(CultureInfo.InvariantCulture)}");
    }

    private static bool IsIndex(double value, int count) => value >= 0 && value < count && value == Math.Floor(value);

    private static int[] Places(string[] columns, string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Array.IndexOf(columns, string.Create(CultureInfo.InvariantCulture, $"{name}{i}")))];
}
