using System.Globalization;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Runs;

/// <summary>The table on disk against one in memory, over random rows, late columns and resumptions.</summary>
public sealed class CsvTableModelTests : IDisposable
{
    private static readonly string[] Names = ["step", "value", "actor/norm", "critic/loss", "late one", "ü"];
    private static readonly double[] Special = [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1, 1e22];

    private readonly TemporaryFolder folder = new();

    private string File => folder.Below("table.csv");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    [InlineData(4ul)]
    [InlineData(5ul)]
    [InlineData(6ul)]
    public void Any_order_of_rows_late_columns_and_resumptions_reads_back_as_written(ulong seed)
    {
        var random = RandomStream.FromSeed(seed);
        List<string> columns = ["step", "value"];
        List<Dictionary<string, double>> rows = [];
        List<(int Rows, int Columns)> saved = [(0, 2)];
        CsvTable table = CsvTable.Open(File, columns, 0);
        for (int action = 0; action < 400; action++)
        {
            if (random.NextInt32(40) == 0)
            {
                // what a killed process had written after its last checkpoint, half a line included
                table.Dispose();
                System.IO.File.AppendAllText(File, random.NextInt32(2) == 0 ? "" : "12,0.");
                int back = random.NextInt32(saved.Count);
                (int keptRows, int keptColumns) = saved[back];
                saved.RemoveRange(back + 1, saved.Count - back - 1);
                rows.RemoveRange(keptRows, rows.Count - keptRows);
                columns.RemoveRange(keptColumns, columns.Count - keptColumns);
                rows.ForEach(r => r.Keys.Except(columns).ToList().ForEach(k => r.Remove(k)));
                table = CsvTable.Open(File, columns, keptRows);
            }
            else if (random.NextInt32(10) == 0)
            {
                table.Flush();
                saved.Add((rows.Count, columns.Count));
            }
            else
            {
                rows.Add(Fill(table, columns, random));
            }

            table.Rows.ShouldBe(rows.Count);
            table.Columns.ShouldBe(columns);
        }

        table.Dispose();
        Matches(columns, rows);
        Directory.GetFiles(folder.Path).ShouldBe([File]);
    }

    [Fact]
    public void Every_number_is_written_as_the_shortest_text_that_reads_back()
    {
        var random = RandomStream.FromSeed(9);
        for (int i = 0; i < 2000; i++)
        {
            double value = BitConverter.UInt64BitsToDouble(random.NextUInt64());
            string text = CsvTable.Text(value);
            BitConverter.DoubleToInt64Bits(Number(text)).ShouldBe(double.IsNaN(value) ? BitConverter.DoubleToInt64Bits(double.NaN) : BitConverter.DoubleToInt64Bits(value));
            text.ShouldNotContain(",");
            text.ShouldNotContain(" ");
        }

        CsvTable.Text(0.1).ShouldBe("0.1");
        CsvTable.Text(1.0 / 3).ShouldBe("0.3333333333333333");
        CsvTable.Text(-0.0).ShouldBe("-0");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("say \"a\"")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    public void A_name_that_would_need_quoting_is_refused_and_leaves_the_table_as_it_was(string name)
    {
        using (CsvTable table = CsvTable.Open(File, ["step"], 0))
        {
            table.Set("step", 1);
            Should.Throw<ArgumentException>(() => table.Set(name, 2.0)).Message.ShouldContain("comma");
            Should.Throw<ArgumentException>(() => table.Set(name, "word"));
            table.Columns.ShouldBe(["step"]);
            table.EndRow();
        }

        System.IO.File.ReadAllText(File).ShouldBe("step\n1\n");
    }

    [Fact]
    public void A_row_in_progress_survives_a_late_column_and_the_next_starts_empty()
    {
        using (CsvTable table = CsvTable.Open(File, ["a", "b"], 0))
        {
            table.Set("b", 2);
            table.Set("c", 3);
            table.Set("b", "two");
            table.EndRow();
            table.EndRow();
        }

        System.IO.File.ReadAllText(File).ShouldBe("a,b,c\n,two,3\n,,\n");
    }

    [Theory]
    [InlineData("step\n1\n", "the columns step")]
    [InlineData("", "the columns ;")]
    [InlineData("value,step\n1,2\n", "the columns value, step")]
    [InlineData("step,value\n", "0 rows")]
    public void A_file_that_is_not_the_checkpoints_is_refused_and_kept(string content, string words)
    {
        System.IO.File.WriteAllText(File, content);
        Should.Throw<RunException>(() => CsvTable.Open(File, ["step", "value"], 1)).Message.ShouldContain(words);
        System.IO.File.ReadAllText(File).ShouldBe(content);
    }

    private static Dictionary<string, double> Fill(CsvTable table, List<string> columns, RandomStream random)
    {
        Dictionary<string, double> row = [];
        for (int i = random.NextInt32(4); i >= 0; i--)
        {
            // later names are rarer, so that columns come up over time
            string name = Names[Math.Min(random.NextInt32(Names.Length), random.NextInt32(Names.Length))];
            double value = random.NextInt32(3) == 0 ? Special[random.NextInt32(Special.Length)] : random.NextNormal();
            table.Set(name, value);
            row[name] = value;
            if (!columns.Contains(name))
            {
                columns.Add(name);
            }
        }

        table.EndRow();
        return row;
    }

    private static double Number(string cell) => cell switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private void Matches(List<string> columns, List<Dictionary<string, double>> rows)
    {
        string[] lines = System.IO.File.ReadAllText(File).Split('\n');
        lines[0].Split(',').ShouldBe(columns);
        lines[^1].ShouldBe("");
        (lines.Length - 2).ShouldBe(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            string[] cells = lines[i + 1].Split(',');
            cells.Length.ShouldBe(columns.Count);
            for (int j = 0; j < cells.Length; j++)
            {
                (cells[j].Length > 0).ShouldBe(rows[i].TryGetValue(columns[j], out double value));
                BitConverter.DoubleToInt64Bits(cells[j].Length > 0 ? Number(cells[j]) : 0).ShouldBe(BitConverter.DoubleToInt64Bits(value));
            }
        }
    }
}
