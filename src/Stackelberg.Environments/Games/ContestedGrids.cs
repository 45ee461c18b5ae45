using Stackelberg.Environments.Internals;

namespace Stackelberg.Environments;

/// <summary>The two general-sum grids of the code of Zhang et al., "Bi-level Actor-Critic for Multi-agent Coordination", 2020.</summary>
/// <remarks>
/// Both agents move at the same time: up, down, left, right; a move off the board stays. When both would stand on one cell, both stay where they were;
/// they may change places. The state is leader's cell · cells + follower's cell, with cell = x + width · y, y upwards.
/// </remarks>
public static class ContestedGrids
{
    private static readonly string[] Actions = ["up", "down", "left", "right"];

    /// <summary>
    /// 3 by 3 cells with one goal at (1, 0), which only one of the two can take. They start at (0, 2) and (2, 2) and cannot go down from there. Each
    /// step costs 1; reaching the goal pays 10 and ends the game.
    /// </summary>
    public static MarkovGame SharedGoal()
    {
        const int Goal = 1, LeaderStart = 6, FollowerStart = 8;
        return Create("SharedGoalGrid", 3, LeaderStart, FollowerStart,
            (cell, action, player) => action == 1 && cell == (player == 0 ? LeaderStart : FollowerStart),
            (cell, _) => cell == Goal ? 10 : -1, (leader, follower) => leader == Goal || follower == Goal,
            [new(new(1, 0), 10, null)], [new(new(0, 2), 0), new(new(2, 2), 1)]);
    }

    /// <summary>
    /// 5 by 5 cells; the leader wants from (0, 4) to (4, 0), the follower from (4, 4) to (0, 0). One's own goal pays 10, a trap at (1, 1), (1, 3), (3, 1)
    /// or (3, 3) −10, the centre 0, any other cell −1. The game ends when one is at its goal.
    /// </summary>
    public static MarkovGame Traps()
    {
        const int LeaderGoal = 4, FollowerGoal = 0, Centre = 12;
        return Create("TrapGrid", 5, 20, 24, (_, _, _) => false, (cell, player) => cell switch
        {
            LeaderGoal when player == 0 => 10,
            FollowerGoal when player == 1 => 10,
            6 or 8 or 16 or 18 => -10,
            Centre => 0,
            _ => -1,
        }, (leader, follower) => leader == LeaderGoal || follower == FollowerGoal,
        [
            new(new(4, 0), 10, 0), new(new(0, 0), 10, 1), new(new(2, 2), 0, null),
            new(new(1, 1), -10, null), new(new(3, 1), -10, null), new(new(1, 3), -10, null), new(new(3, 3), -10, null),
        ], []);
    }

    private static MarkovGame Create(
        string name, int size, int leaderStart, int followerStart,
        Func<int, int, int, bool> isWalled, Func<int, int, double> reward, Func<int, int, bool> ends,
        IReadOnlyList<GridMark> marks, IReadOnlyList<GridWall> walls)
    {
        int cells = size * size;
        double[] start = new double[cells * cells];
        start[(leaderStart * cells) + followerStart] = 1;
        return new MarkovGame(name, ["leader", "follower"], [Actions, Actions], GridMoves.StateNames(size, size), start, (state, actions, rewards) =>
        {
            (int leader, int follower) = (state / cells, state % cells);
            int leaderNext = isWalled(leader, actions[0], 0) ? leader : GridMoves.Move(size, size, leader, actions[0]);
            int followerNext = isWalled(follower, actions[1], 1) ? follower : GridMoves.Move(size, size, follower, actions[1]);
            if (leaderNext == followerNext)
            {
                (leaderNext, followerNext) = (leader, follower);
            }

            (rewards[0], rewards[1]) = (reward(leaderNext, 0), reward(followerNext, 1));
            return ((leaderNext * cells) + followerNext, ends(leaderNext, followerNext));
        })
        {
            Board = new GridBoard(size, size) { Marks = marks, Walls = walls },
        };
    }
}
