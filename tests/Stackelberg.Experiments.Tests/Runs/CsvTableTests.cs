using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Runs;

public sealed class CsvTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => folder.Below("table.csv");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_stand_below_the_header_with_numbers_that_read_back()
    {
        using (CsvTable table = CsvTable.Open(File, ["step", "value"], 0))
        {
            Row(table, 1, 1.0 / 3);
            Row(table, 2, double.NaN);
            Row(table, 3, double.NegativeInfinity);
            table.EndRow();
        }

        Content().ShouldBe("step,value\n1,0.3333333333333333\n2,nan\n3,-inf\n,\n");
    }

    [Fact]
    public void A_column_that_comes_up_later_is_added_on_the_right_with_empty_cells_above()
    {
        using (CsvTable table = CsvTable.Open(File, ["step"], 0))
        {
            table.Set("step", 1);
            table.EndRow();
            table.Set("step", 2);
            table.Set("guard/count", 5);
            table.EndRow();
            table.Set("step", 3);
            table.EndRow();
            table.Columns.ShouldBe(["step", "guard/count"]);
        }

        Content().ShouldBe("step,guard/count\n1,\n2,5\n3,\n");
    }

    [Fact]
    public void Reopening_cuts_rows_and_columns_that_came_after()
    {
        using (CsvTable table = CsvTable.Open(File, ["step"], 0))
        {
            table.Set("step", 1);
            table.EndRow();
            table.Set("step", 2);
            table.Set("later", 9);
            table.EndRow();
        }

        System.IO.File.AppendAllText(File, "3,1");
        using (CsvTable table = CsvTable.Open(File, ["step"], 1))
        {
            table.Rows.ShouldBe(1);
            table.Set("step", 7);
            table.EndRow();
        }

        Content().ShouldBe("step\n1\n7\n");
    }

    [Fact]
    public void Reopening_refuses_a_file_with_fewer_rows_or_other_columns()
    {
        System.IO.File.WriteAllText(File, "step,value\n1,2\n");
        Should.Throw<RunException>(() => CsvTable.Open(File, ["step", "value"], 2)).Message.ShouldContain("1 rows");
        Should.Throw<RunException>(() => CsvTable.Open(File, ["step", "other"], 1)).Message.ShouldContain("value");
        Content().ShouldBe("step,value\n1,2\n");
    }

    [Fact]
    public void A_column_name_that_would_break_the_table_is_refused()
    {
        using CsvTable table = CsvTable.Open(File, ["step"], 0);
        Should.Throw<ArgumentException>(() => table.Set("a,b", 1));
    }

    [Fact]
    public void Others_can_read_while_it_is_written()
    {
        using CsvTable table = CsvTable.Open(File, ["step", "value"], 0);
        Row(table, 1, 2);
        table.Flush();
        Content().ShouldBe("step,value\n1,2\n");
    }

    private static void Row(CsvTable table, long step, double value)
    {
        table.Set("step", step);
        table.Set("value", value);
        table.EndRow();
    }

    private string Content() => System.IO.File.ReadAllText(File);
}
