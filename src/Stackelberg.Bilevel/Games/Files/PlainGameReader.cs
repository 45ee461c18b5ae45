namespace Stackelberg.Bilevel;

/// <summary>lrs text and CSV: two matrices and nothing else.</summary>
internal static class PlainGameReader
{
    /// <summary>m and n, the leader's m×n payoffs, the follower's. Line ends mean nothing; lines that begin with <c>*</c> are comments.</summary>
    public static NormalFormGame ReadLrs(GameText source)
    {
        List<(Range Range, int Offset)> words = Words(source.Text);
        int rows = Dimension(source, words, 0), columns = Dimension(source, words, 1);
        source.RequireSize([rows, columns], words[0].Offset);
        int cells = rows * columns, expected = (2 * cells) + 2;
        if (words.Count != expected)
        {
            throw source.Fault(words.Count > expected ? words[expected].Offset : source.Text.Length,
                $"{words.Count - 2} payoffs; two matrices of {rows} x {columns} need {2 * cells}");
        }

        Rational[] values = [.. words.Skip(2).Select(w => source.Number(source.Text.AsSpan()[w.Range], w.Offset))];
        return GameText.Bimatrix("", rows, columns, values[..cells], values[cells..]);
    }

    /// <summary>The leader's rows, a blank line, the follower's rows; commas between values.</summary>
    public static NormalFormGame ReadCsv(GameText source)
    {
        List<List<Rational>> blocks = [];
        List<(int Rows, int Offset)> sizes = [];
        (int columns, bool within, int offset) = (0, false, 0);
        foreach (string line in source.Text.Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                within = false;
            }
            else
            {
                if (!within)
                {
                    if (blocks.Count == 2)
                    {
                        throw source.Fault(offset, "a third block begins here; there are two, the leader's payoffs and the follower's");
                    }

                    blocks.Add([]);
                    sizes.Add((0, offset));
                    within = true;
                }

                int cells = ReadRow(source, line, offset, blocks[^1]);
                columns = columns == 0 ? cells : columns;
                sizes[^1] = (sizes[^1].Rows + 1, sizes[^1].Offset);
                if (cells != columns)
                {
                    throw source.Fault(offset, $"a row of {cells} value(s) where the first has {columns}");
                }

                source.RequireSize([sizes[^1].Rows, columns], offset);
            }

            offset += line.Length + 1;
        }

        return blocks.Count < 2 ? throw source.Fault(source.Text.Length, "only one block; the follower's payoffs are missing, after a blank line")
            : sizes[0].Rows != sizes[1].Rows ? throw source.Fault(sizes[1].Offset, $"the follower's block has {sizes[1].Rows} row(s), the leader's {sizes[0].Rows}")
            : GameText.Bimatrix("", sizes[0].Rows, columns, blocks[0], blocks[1]);
    }

    private static int ReadRow(GameText source, string line, int offset, List<Rational> values)
    {
        int cells = 0;
        foreach (Range range in line.AsSpan().Split(','))
        {
            ReadOnlySpan<char> cell = line.AsSpan()[range];
            int blanks = cell.Length - cell.TrimStart().Length;
            cell = cell.Trim();
            int start = offset + range.Start.Value + blanks;
            if (cell.IsEmpty)
            {
                throw source.Fault(offset + range.Start.Value, "an empty cell");
            }

            values.Add(source.Number(cell is ['"', .., '"'] ? cell[1..^1] : cell, start));
            if (++cells > NormalFormGame.MostActions)
            {
                throw source.Fault(start, $"a row of more than {NormalFormGame.MostActions} values");
            }
        }

        return cells;
    }

    private static int Dimension(GameText source, List<(Range Range, int Offset)> words, int index)
    {
        if (index >= words.Count)
        {
            throw source.Fault(source.Text.Length, "the file ends too early; it begins with both numbers of actions");
        }

        (Range range, int offset) = words[index];
        Rational value = source.Number(source.Text.AsSpan()[range], offset);
        return value.IsInteger && value >= 1 && value <= NormalFormGame.MostActions
            ? (int)value.Numerator
            : throw source.Fault(offset, $"'{value}' as number of actions; 1 to {NormalFormGame.MostActions} are possible");
    }

    private static List<(Range Range, int Offset)> Words(string text)
    {
        List<(Range, int)> words = [];
        for (int at = 0, lineStart = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                lineStart = text[at] == '\n' ? at + 1 : lineStart;
                at++;
                continue;
            }

            int start = at;
            if (text[at] == '*' && text.AsSpan(lineStart, at - lineStart).IsWhiteSpace())
            {
                int end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
                continue;
            }

            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            words.Add((start..at, start));
        }

        return words;
    }
}
