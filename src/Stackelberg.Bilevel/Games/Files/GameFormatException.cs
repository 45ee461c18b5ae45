namespace Stackelberg.Bilevel;

/// <summary>A text that is no game: says where, and what is wrong there.</summary>
/// <param name="source">What the text is called, such as its path.</param>
/// <param name="line">From 1.</param>
/// <param name="column">In characters, from 1.</param>
/// <param name="format">What it was read as.</param>
/// <param name="problem">A clause without full stop.</param>
public sealed class GameFormatException(string source, int line, int column, string format, string problem)
    : FormatException($"{source}, line {line}, column {column}: {problem} (read as {format})")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column in characters, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>What the text was read as, such as <c>JSON</c>.</summary>
    public string Format { get; } = format;
}
