namespace Stackelberg.Faults.Runs;

/// <summary>Small valid inputs.</summary>
internal static class Samples
{
    public const string Weather = """
        {
          "name": "weather", "states": ["dry", "wet", "flooded"], "actions": ["stay", "drain"], "initial": [1, 0, 0], "terminal": ["flooded"], "discount": 0.95, "horizon": 20,
          "transitions": [[[0.8, 0.2, 0.0], [0.9, 0.1, 0.0]], [[0.1, 0.6, 0.3], [0.7, 0.3, 0.0]], [[0, 0, 1], [0, 0, 1]]],
          "rewards": [[1, 0.5], [[0, 0, -10], -0.5], [0, 0]]
        }
        """;

    public const string Counted = """{"states": 2, "actions": 2, "horizon": 10, "transitions": [[[1, 0], [0, 1]], [[0.5, 0.5], [0.25, 0.75]]], "rewards": [[0, 1], [1, 0]]}""";

    public const string Game = """
        { "name": "Maintain", "players": ["leader", "follower"], "actions": [["A", "B", "C"], ["X", "Y", "Z"]],
          "payoffs": [[[20, 0, 0], [30, 10, 0], [0, 0, 5]], [[15, 0, 0], [0, 5, 0], [0, 0, 10]]] }
        """;

    public const string GameOfThree = """
        {"players": ["a", "b", "c"], "actions": [["u", "d"], ["l", "r"], ["n", "f"]],
         "payoffs": [[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], [[[0, 1], [1, 0]], [[1, 0], [0, 1]]], [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]]}
        """;

    public const string Problem = """
        {"n": 2, "m": 3, "Q": [[2, 0.5, 0], [0.5, 3, 0], [0, 0, 1]], "B": [[1, 0], [0, 1], [1, 1]], "c": [1, 2, 3], "D": [[1, 0], [0, 1]], "e": [1, 1],
         "F": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "g": [0, 0, 1], "x": [1, 2], "y": [0, 0, 0]}
        """;

    public const string CartPoleStates = """{"CartPole-v1": [{"state": [0.01, 0, 0.02, 0]}, {"state": [0, 0.1, 0, -0.1]}]}""";
}
