namespace Stackelberg.Environments.Internals;

/// <summary>Moves on a board whose cells are numbered x + width · y, y upwards.</summary>
internal static class GridMoves
{
    /// <summary>The cell reached by 0 up, 1 down, 2 left, 3 right or anything else to stay; a move off the board stays.</summary>
    /// <param name="sideStep">Cells that left and right move.</param>
    public static int Move(int width, int height, int cell, int action, int sideStep = 1)
    {
        (int y, int x) = Math.DivRem(cell, width);
        (int newX, int newY) = action switch
        {
            0 => (x, y + 1),
            1 => (x, y - 1),
            2 => (x - sideStep, y),
            3 => (x + sideStep, y),
            _ => (x, y),
        };
        return newX >= 0 && newX < width && newY >= 0 && newY < height ? newX + (width * newY) : cell;
    }

    /// <summary>Names of the states leader's cell · cells + follower's cell.</summary>
    public static string[] StateNames(int width, int height)
    {
        int cells = width * height;
        string[] names = new string[cells * cells];
        for (int state = 0; state < names.Length; state++)
        {
            names[state] = $"{Name(state / cells)} {Name(state % cells)}";
        }

        return names;

        string Name(int cell) => $"({cell % width},{cell / width})";
    }
}
