using Stackelberg.Environments.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Options of <see cref="CooperativeGrid"/>; the defaults are those of the published code.</summary>
public sealed record CooperativeGridOptions
{
    /// <summary>The instance drawn in the paper: goals worth 20 and 10, moves of one cell, nothing for meeting elsewhere.</summary>
    public static CooperativeGridOptions Figure { get; } = new() { BetterValue = 20, WorseValue = 10, MeetingReward = 0, SideStep = 1 };

    /// <summary>Columns.</summary>
    [Option("columns", Minimum = 1, Maximum = 12)]
    public int Width { get; init; } = 3;

    /// <summary>Rows.</summary>
    [Option("rows", Minimum = 1, Maximum = 12)]
    public int Height { get; init; } = 3;

    /// <summary>Cells that left and right move; the code's 2 leaves only the outer columns in use.</summary>
    [Option("cells that left and right move", Minimum = 1, Maximum = 12)]
    public int SideStep { get; init; } = 2;

    /// <summary>Where the leader starts.</summary>
    public GridCell LeaderStart { get; init; } = new(0, 2);

    /// <summary>Where the follower starts.</summary>
    public GridCell FollowerStart { get; init; } = new(2, 2);

    /// <summary>The goal worth more.</summary>
    public GridCell BetterGoal { get; init; } = new(2, 0);

    /// <summary>The goal worth less.</summary>
    public GridCell WorseGoal { get; init; } = new(0, 0);

    /// <summary>What both get when both stand on the better goal.</summary>
    [Option("what both get on the better goal")]
    public double BetterValue { get; init; } = 200;

    /// <summary>What both get when both stand on the worse goal.</summary>
    [Option("what both get on the worse goal")]
    public double WorseValue { get; init; } = 100;

    /// <summary>What both get on any other common cell.</summary>
    [Option("what both get on any other common cell")]
    public double MeetingReward { get; init; } = 1;
}

/// <summary>
/// Two agents move at the same time on a grid and are paid alike when both stand on the same goal, which ends the game: Zhang et al., "Bi-level
/// Actor-Critic for Multi-agent Coordination", 2020, figure 1 and the code's extended grid.
/// </summary>
/// <remarks>
/// Actions: up, down, left, right, stay; a move off the board stays. The state is leader's cell · cells + follower's cell, with cell = x + width · y.
/// Meeting on either goal is a Nash equilibrium; only the better one is the Stackelberg outcome.
/// </remarks>
public static class CooperativeGrid
{
    private static readonly string[] Actions = ["up", "down", "left", "right", "stay"];

    /// <summary>The game.</summary>
    /// <exception cref="ArgumentException">A cell lies off the board, the goals coincide, the agents start on the same goal, or a size or step is not
    /// positive.</exception>
    public static MarkovGame Create(CooperativeGridOptions? options = null)
    {
        CooperativeGridOptions grid = options ?? new CooperativeGridOptions();
        Validate(grid);
        int cells = grid.Width * grid.Height;
        int better = Index(grid, grid.BetterGoal), worse = Index(grid, grid.WorseGoal);
        string[] states = GridMoves.StateNames(grid.Width, grid.Height);
        double[] start = new double[states.Length];
        start[(Index(grid, grid.LeaderStart) * cells) + Index(grid, grid.FollowerStart)] = 1;
        return new MarkovGame("CooperativeGrid", ["leader", "follower"], [Actions, Actions], states, start, (state, actions, rewards) =>
        {
            int leader = Move(grid, state / cells, actions[0]), follower = Move(grid, state % cells, actions[1]);
            double reward = leader != follower ? 0
                : leader == better ? grid.BetterValue
                : leader == worse ? grid.WorseValue
                : grid.MeetingReward;
            rewards.Fill(reward);
            return ((leader * cells) + follower, leader == follower && (leader == better || leader == worse));
        })
        {
            Board = new GridBoard(grid.Width, grid.Height) { Marks = [new(grid.BetterGoal, grid.BetterValue, null), new(grid.WorseGoal, grid.WorseValue, null)] },
        };
    }

    private static int Index(CooperativeGridOptions grid, GridCell cell) => cell.X + (grid.Width * cell.Y);

    private static int Move(CooperativeGridOptions grid, int cell, int action) =>
        GridMoves.Move(grid.Width, grid.Height, cell, action, grid.SideStep);

    private static void Validate(CooperativeGridOptions grid)
    {
        if (grid.Width < 1 || grid.Height < 1 || grid.SideStep < 1)
        {
            throw new ArgumentException($"A grid of {grid.Width} x {grid.Height} cells with side steps of {grid.SideStep}; all must be at least 1.");
        }

        foreach (GridCell cell in (GridCell[])[grid.LeaderStart, grid.FollowerStart, grid.BetterGoal, grid.WorseGoal])
        {
            if (cell.X < 0 || cell.X >= grid.Width || cell.Y < 0 || cell.Y >= grid.Height)
            {
                throw new ArgumentException($"Cell ({cell.X},{cell.Y}) lies off the grid of {grid.Width} x {grid.Height} cells.");
            }
        }

        bool startsOnGoal = grid.LeaderStart == grid.FollowerStart && (grid.LeaderStart == grid.BetterGoal || grid.LeaderStart == grid.WorseGoal);
        if (grid.BetterGoal == grid.WorseGoal || startsOnGoal)
        {
            throw new ArgumentException("The two goals need cells of their own, and the agents must not start together on one of them.");
        }
    }
}
