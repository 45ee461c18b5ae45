using Stackelberg.Experiments.Runs;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Runs;

public sealed class RowSumsTests
{
    private readonly RandomStream random = RandomStream.FromSeed(5);

    [Fact]
    public void One_altered_row_is_found_wherever_it_is()
    {
        for (int trial = 0; trial < 300; trial++)
        {
            string[] rows = Table(1 + (int)(random.NextUInt64() % 400));
            RowSums expected = SumsOf(rows);
            int altered = (int)(random.NextUInt64() % (ulong)rows.Length);
            rows[altered] = rows[altered].Replace('.', ';');

            SumsOf(rows).ShouldNotBe(expected);
            SumsOf(rows).Altered(expected, rows.Length).ShouldBe(altered + 1);
        }
    }

    [Fact]
    public void Two_rows_that_changed_places_are_told_from_one_that_was_altered()
    {
        for (int trial = 0; trial < 300; trial++)
        {
            string[] rows = Table(200);
            RowSums expected = SumsOf(rows);
            int first = (int)(random.NextUInt64() % 199);
            (rows[first], rows[first + 1]) = (rows[first + 1], rows[first]);

            SumsOf(rows).ShouldNotBe(expected);
            SumsOf(rows).Altered(expected, rows.Length).ShouldBeNull();
        }
    }

    [Fact]
    public void Several_altered_rows_name_none()
    {
        for (int trial = 0; trial < 300; trial++)
        {
            string[] rows = Table(100);
            RowSums expected = SumsOf(rows);
            rows[3] += "1";
            rows[trial % 50 + 10] += "2";

            SumsOf(rows).Altered(expected, rows.Length).ShouldBeNull();
        }
    }

    [Fact]
    public void Columns_that_come_later_change_nothing() =>
        SumsOf(["1,2", "3,", "é,5"]).ShouldBe(SumsOf(["1,2,,", "3,,", "é,5,"]));

    private static RowSums SumsOf(string[] rows) => rows.Select((r, i) => (Row: r, Number: i + 1)).Aggregate(default(RowSums), (sums, r) => sums.With(r.Number, r.Row));

    private string[] Table(int rows) => [.. Enumerable.Range(0, rows).Select(i => $"{i},{random.NextNormal():R},0.5")];
}
