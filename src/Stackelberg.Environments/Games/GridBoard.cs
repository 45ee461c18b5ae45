namespace Stackelberg.Environments;

/// <summary>A cell of a board; y points up.</summary>
/// <param name="X">Column, from 0 at the left.</param>
/// <param name="Y">Row, from 0 at the bottom.</param>
public readonly record struct GridCell(int X, int Y);

/// <summary>The board two players of a <see cref="MarkovGame"/> move on, as a picture of it needs it.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public sealed record GridBoard(int Width, int Height)
{
    /// <summary>Cells whose reward stands out.</summary>
    public IReadOnlyList<GridMark> Marks { get; init; } = [];

    /// <summary>Edges that cannot be crossed.</summary>
    public IReadOnlyList<GridWall> Walls { get; init; } = [];
}

/// <summary>A cell whose reward stands out.</summary>
/// <param name="Cell">Where.</param>
/// <param name="Value">The reward.</param>
/// <param name="Player">Who is paid there; null for either.</param>
public readonly record struct GridMark(GridCell Cell, double Value, int? Player);

/// <summary>The lower edge of a cell, closed to one player.</summary>
/// <param name="Above">The cell above it.</param>
/// <param name="Player">Who cannot go down from there.</param>
public readonly record struct GridWall(GridCell Above, int Player);
