using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Games;

public sealed class TableTests
{
    private static readonly TabularOptions Drawn = new() { InitialLow = -2, InitialHigh = 3 };

    [Fact]
    public void Joint_actions_are_numbered_row_by_row()
    {
        var table = new JointTable([2, 3, 4], 1, new TabularOptions(), RandomStream.FromSeed(1));
        table.JointActions.ShouldBe(24);
        table.Number([1, 2, 3]).ShouldBe(23);
        table.Number([1, 0, 2]).ShouldBe(14);
        for (int k = 0; k < 24; k++)
        {
            int[] parts = [table.ActionOf(0, k), table.ActionOf(1, k), table.ActionOf(2, k)];
            parts.ShouldBe([k / 12, k / 4 % 3, k % 4]);
            table.Number([parts[0], parts[1], parts[2]]).ShouldBe(k);
        }
    }

    [Fact]
    public void Too_many_joint_actions_are_refused_with_their_number() =>
        Should.Throw<NotSupportedException>(() => new JointTable([.. Enumerable.Repeat(10, 7)], 1, Drawn, RandomStream.FromSeed(1))).Message.ShouldContain("10000000 joint actions");

    [Fact]
    public void Values_stay_when_the_table_grows()
    {
        var table = new JointTable([2, 2], 1, new TabularOptions { InitialLow = 5, InitialHigh = 5 }, RandomStream.FromSeed(1));
        for (int s = 0; s < 100; s++)
        {
            table.Find([s]).ShouldBe(-1);
            table.StateOf([s]).ShouldBe(s);
            table.Of(0, s).ToArray().ShouldBe([5, 5, 5, 5]);
            table.Of(1, s)[3] = s;
        }

        for (int s = 0; s < 100; s++)
        {
            table.StateOf([s]).ShouldBe(s);
            table.Of(1, s).ToArray().ShouldBe([5, 5, 5, s]);
            table.Of(0, s)[3].ShouldBe(5);
        }
    }

    [Fact]
    public void Values_of_one_agent_alone_take_the_room_of_one()
    {
        var table = new JointTable([2, 2], 1, new TabularOptions(), RandomStream.FromSeed(1), tables: 1);
        table.StateOf([0]);
        table.StateOf([1]);
        table.Of(0, 0).Fill(1);
        table.Of(0, 1).ToArray().ShouldBe([0, 0, 0, 0]);
        Should.Throw<ArgumentException>(() => table.Of(1, 1)[0]);
    }

    [Fact]
    public void Initial_values_are_drawn_between_their_bounds_and_go_on_after_loading()
    {
        JointTable table = new([3, 2], 2, Drawn, RandomStream.FromSeed(1)), other = new([3, 2], 2, Drawn, RandomStream.FromSeed(9));
        for (int s = 0; s < 10; s++)
        {
            table.StateOf([s, -s]);
            other.StateOf([7, s]);
        }

        MemoryState.Of(table).Restore(other);
        foreach (int s in (int[])[3, 12, 11, 40])
        {
            other.StateOf([s, -s]).ShouldBe(table.StateOf([s, -s]));
            double[] values = table.Of(1, table.Find([s, -s])).ToArray();
            other.Of(1, other.Find([s, -s])).ToArray().ShouldBe(values);
            values.ShouldAllBe(v => v >= -2 && v < 3);
            values.Distinct().Count().ShouldBe(6);
        }

        MemoryState.Of(other).FirstDifference(MemoryState.Of(table)).ShouldBeNull();
    }

    [Fact]
    public void Observations_are_one_state_where_all_numbers_are_equal()
    {
        var index = new StateIndex(2);
        index.Of([0.0, 1]).ShouldBe(0);
        index.Of([-0.0, 1]).ShouldBe(0);
        index.Of([1, 0]).ShouldBe(1);
        index.Of([0, 1 + 1e-15]).ShouldBe(2);
        index.Count.ShouldBe(3);
        index.Find([5, 5]).ShouldBe(-1);
        index[1].ToArray().ShouldBe([1, 0]);

        var loaded = new StateIndex(2);
        loaded.Of([9, 9]);
        MemoryState.Of(index).Restore(loaded);
        loaded.Count.ShouldBe(3);
        loaded.Find([9, 9]).ShouldBe(-1);
        loaded.Find([1, 0]).ShouldBe(1);
        loaded.Of([9, 9]).ShouldBe(3);
    }
}
