namespace Stackelberg.Environments;

/// <summary>The matrix games of Zhang et al., "Bi-level Actor-Critic for Multi-agent Coordination", 2020, and of its published code.</summary>
public static class MatrixGames
{
    /// <summary>Common payoffs with a better equilibrium C-Z (30) that is hard to reach from A-X (15); "penalty" in the code.</summary>
    public static MatrixGame Escape { get; } =
        MatrixGame.Bimatrix("Escape", new double[,] { { 15, 10, 0 }, { 10, 10, 0 }, { 0, 0, 30 } }, new double[,] { { 15, 10, 0 }, { 10, 10, 0 }, { 0, 0, 30 } });

    /// <summary>The Stackelberg outcome A-X (20, 15) is no Nash equilibrium: the leader would deviate; "climbing" in the code.</summary>
    public static MatrixGame Maintain { get; } =
        MatrixGame.Bimatrix("Maintain", new double[,] { { 20, 0, 0 }, { 30, 10, 0 }, { 0, 0, 5 } }, new double[,] { { 15, 0, 0 }, { 0, 5, 0 }, { 0, 0, 10 } });

    /// <summary>The game the published runner plays by default: B-Y (20, 20) is its Nash equilibrium, A-X (40, 40) what a leader obtains.</summary>
    public static MatrixGame RunnerDefault { get; } =
        MatrixGame.Bimatrix("RunnerDefault", new double[,] { { 40, 0 }, { 80, 20 } }, new double[,] { { 40, 0 }, { 0, 20 } });

    /// <summary>Zero-sum: the leader wants equal coins.</summary>
    public static MatrixGame MatchingPennies { get; } =
        MatrixGame.Bimatrix("MatchingPennies", new double[,] { { 1, -1 }, { -1, 1 } }, new double[,] { { -1, 1 }, { 1, -1 } });

    /// <summary>Each wants to match the next player, and the last to differ from the first (Jordan 1993).</summary>
    public static MatrixGame MatchingPenniesOfThree { get; } = new(
        "MatchingPenniesOfThree", ["leader", "follower 1", "follower 2"], [["H", "T"], ["H", "T"], ["H", "T"]],
        [[1, 1, -1, -1, -1, -1, 1, 1], [1, -1, -1, 1, 1, -1, -1, 1], [-1, 1, -1, 1, 1, -1, 1, -1]]);

    /// <summary>Cooperate or defect, with years in prison as negative payoffs.</summary>
    public static MatrixGame PrisonersDilemma { get; } =
        MatrixGame.Bimatrix("PrisonersDilemma", new double[,] { { -1, -3 }, { 0, -2 } }, new double[,] { { -1, 0 }, { -3, -2 } });

    /// <summary>Stag together pays most, hare alone is safe; ordinal payoffs.</summary>
    public static MatrixGame StagHunt { get; } =
        MatrixGame.Bimatrix("StagHunt", new double[,] { { 4, 1 }, { 3, 2 } }, new double[,] { { 4, 3 }, { 1, 2 } });

    /// <summary>Swerve or dare; ordinal payoffs.</summary>
    public static MatrixGame Chicken { get; } =
        MatrixGame.Bimatrix("Chicken", new double[,] { { 3, 2 }, { 4, 1 } }, new double[,] { { 3, 4 }, { 2, 1 } });

    /// <summary>Interests agree: A-X is dominant for both; ordinal payoffs.</summary>
    public static MatrixGame Harmony { get; } =
        MatrixGame.Bimatrix("Harmony", new double[,] { { 4, 3 }, { 2, 1 } }, new double[,] { { 4, 2 }, { 3, 1 } });

    /// <summary>Rock, paper, scissors.</summary>
    public static MatrixGame RockPaperScissors { get; } =
        MatrixGame.Bimatrix("RockPaperScissors", new double[,] { { 0, -1, 1 }, { 1, 0, -1 }, { -1, 1, 0 } }, new double[,] { { 0, 1, -1 }, { -1, 0, 1 }, { 1, -1, 0 } });

    /// <summary>Only a mixed equilibrium (1/2, 1/2), on which gradient learners cycle; <c>wolf_05_05</c> in the code.</summary>
    public static MatrixGame Wolf { get; } =
        MatrixGame.Bimatrix("Wolf", new double[,] { { 0, 3 }, { 1, 2 } }, new double[,] { { 3, 2 }, { 0, 1 } });

    /// <summary>The three-action general-sum game of the code's tabular study.</summary>
    public static MatrixGame Bully { get; } =
        MatrixGame.Bimatrix("Bully", new double[,] { { 20, 0, 0 }, { 30, 10, 0 }, { 0, 0, 15 } }, new double[,] { { 10, 0, 0 }, { 0, 20, 0 }, { 0, 0, 15 } });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MatrixGame> All { get; } =
    [
        Escape, Maintain, RunnerDefault, MatchingPennies, MatchingPenniesOfThree, PrisonersDilemma, StagHunt, Chicken, Harmony, RockPaperScissors, Wolf, Bully,
    ];
}
