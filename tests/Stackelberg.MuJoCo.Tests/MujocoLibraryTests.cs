using Stackelberg.Environments;
using Stackelberg.MuJoCo.Native;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests;

public sealed class MujocoLibraryTests
{
    [Fact]
    public void The_library_is_present()
    {
        // Fails with the way out where it is missing; the tests of physics then fail too, and for this reason.
        MujocoLibrary.TryLoad(out string reason).ShouldBeTrue(reason);
        reason.ShouldBeEmpty();
        MujocoLibrary.Version.ShouldBe("2.2.2");
        MujocoLibrary.Location.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("load", 0)]
    [InlineData("make-hopper", 3)]
    public void A_missing_library_is_reported_with_what_was_tried_and_the_way_out(string scenario, int exitCode)
    {
        ChildOutcome outcome = Child.Run(scenario, library: "/nonexistent/libmujoco.so");
        outcome.ExitCode.ShouldBe(exitCode, outcome.Error);
        outcome.Output.ShouldContain("was not found (tried: /nonexistent/libmujoco.so, as MUJOCO_LIBRARY says)");
        outcome.Output.ShouldContain("apt-get install libmujoco2.2.2");
        outcome.Output.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public void A_library_that_is_not_MuJoCo_is_named()
    {
        string other = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, OperatingSystem.IsWindows() ? "clrjit.dll" : "libclrjit.so");
        ChildOutcome outcome = Child.Run("load", library: other);
        outcome.Output.ShouldContain($"'{other}' is not a MuJoCo library");
    }

    [Fact]
    public void A_file_that_is_no_library_is_told_from_a_missing_one()
    {
        ChildOutcome outcome = Child.Run("load", library: Reference.PathOf("Hopper-v4.csv"));
        outcome.Output.ShouldContain("is there but cannot be loaded");
        outcome.Output.ShouldContain("Hopper-v4.csv");
    }

    [Theory]
    [InlineData(221, "2.2.1")]
    [InlineData(3005000, "3.5.0")]
    public void An_unknown_version_is_never_served_with_a_near_ones_table(int number, string text)
    {
        string message = Should.Throw<MujocoException>(() => LibraryLoader.SelectLayout(number, text, "libx")).Message;
        message.ShouldContain($"'libx' is MuJoCo {text} (number {number})");
        message.ShouldContain("known numbers: 222");
        message.ShouldContain("Layouts/README.md");
    }

    [Fact]
    public void Tasks_can_be_listed_without_making_one()
    {
        var catalogue = new EnvironmentCatalogue();
        MujocoTasks.Register(catalogue);
        catalogue.Contains("Hopper-v4").ShouldBeTrue();
        Should.Throw<ArgumentException>(() => MujocoTasks.Register(catalogue));
    }
}
