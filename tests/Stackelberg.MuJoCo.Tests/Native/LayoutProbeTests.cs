using System.Reflection;
using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo.Tests.Native;

public sealed class LayoutProbeTests
{
    public static TheoryData<string> Entries() =>
        [.. typeof(MujocoLayout).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Where(p => p.PropertyType == typeof(int)).Select(p => p.Name)];

    [Fact]
    public void The_right_table_passes_again_and_again()
    {
        MujocoLayout layout = MujocoLibrary.Require().Layout;
        for (int i = 0; i < 3; i++)
        {
            LayoutProbe.Verify(layout);
        }
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_table_with_one_wrong_entry_is_rejected(string entry)
    {
        PropertyInfo property = typeof(MujocoLayout).GetProperty(entry, BindingFlags.Instance | BindingFlags.NonPublic)!;
        MujocoLayout right = MujocoLibrary.Require().Layout;
        int value = (int)property.GetValue(right)!;
        foreach (int shift in Shifts(entry).SelectMany(s => new[] { s, -s }))
        {
            if (IsAlias(entry, value + shift))
            {
                continue;
            }

            MujocoLayout wrong = right with { };
            property.SetValue(wrong, value + shift);
            if (entry == nameof(MujocoLayout.Version))
            {
                Should.Throw<MujocoException>(() => LibraryLoader.SelectLayout(value + shift, "?", "lib")).Message.ShouldContain("does not know");
                continue;
            }

            string message = Should.Throw<MujocoException>(() => LayoutProbe.Verify(wrong), $"{entry} shifted by {shift}").Message;
            message.ShouldContain("does not fit the loaded library");
        }
    }

    [Fact]
    public void Swapped_entries_are_rejected()
    {
        MujocoLayout right = MujocoLibrary.Require().Layout;
        MujocoLayout[] wrong =
        [
            right with { DataQvel = right.DataQpos, DataQpos = right.DataQvel },
            right with { DataXpos = right.DataXipos, DataXipos = right.DataXpos },
            right with { DataCtrl = right.DataQaccWarmstart, DataQaccWarmstart = right.DataCtrl },
            right with { WarningBadQpos = right.WarningBadQvel, WarningBadQvel = right.WarningBadQpos },
            right with { ModelNq = right.ModelNv, ModelNv = right.ModelNq },
        ];
        foreach (MujocoLayout layout in wrong)
        {
            Should.Throw<MujocoException>(() => LayoutProbe.Verify(layout));
        }
    }

    [Fact]
    public void The_acceleration_is_not_taken_for_the_warm_start_although_both_hold_the_same_numbers()
    {
        MujocoLayout right = MujocoLibrary.Require().Layout;
        Should.Throw<MujocoException>(() => LayoutProbe.Verify(right with { DataQaccWarmstart = 40448 })).Message.ShouldContain(nameof(MujocoLayout.DataQaccWarmstart));
    }

    // The sizes of mjModel are its first fields, 4 bytes each, and all are tried; elsewhere the neighbours to either side, and halves of them.
    private static IEnumerable<int> Shifts(string entry) =>
        entry.StartsWith("ModelN", StringComparison.Ordinal)
            ? Enumerable.Range(1, 56).Select(i => 4 * i)
            : [.. Enumerable.Range(1, 20).Select(i => 8 * i), 1, 2, 3, 4, 5, 7, 12, 1 << 20];

    // Wrong entries that the engine itself gives the same meaning in every model: no probe could tell, and nothing could go wrong.
    private static bool IsAlias(string entry, int value) => (entry, value) switch
    {
        (nameof(MujocoLayout.ObjectBody), 2) => true, // mjOBJ_XBODY: the names of bodies again
        (nameof(MujocoLayout.ModelQpos0), 1088) => true, // mjModel.buffer: qpos0 is its first array
        (nameof(MujocoLayout.DataQpos), 40360) => true, // mjData.buffer: qpos is its first array
        _ => false,
    };
}
