using Stackelberg.Experiments.Benchmarks;
using Stackelberg.MuJoCo;

namespace Stackelberg.Experiments.Tests.Benchmarks;

public sealed class PhysicsComparisonTests
{
    [Fact]
    public void Every_task_has_the_model_its_name_says()
    {
        string[] resources = typeof(MujocoTasks).Assembly.GetManifestResourceNames();
        PhysicsComparison.Tasks.Count.ShouldBe(11);
        string[] models = [.. PhysicsComparison.Tasks.Select(PhysicsPeer.ModelOf)];
        models.ShouldBeUnique();
        models.ShouldContain("inverted_double_pendulum.xml");
        models.ShouldContain("walker2d.xml");
        models.ShouldAllBe(m => resources.Any(r => r.EndsWith(".Models." + m, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(new double[] { 100, 300, 200 }, new double[] { 200, 200, 200 }, 200, 200, 1)]
    [InlineData(new double[] { 100, 400 }, new double[] { 200, 200 }, 250, 200, 1.25)]
    [InlineData(new double[] { 90, 10, 100 }, new double[] { 100, 10, 1000 }, 90, 100, 0.9)]
    public void Medians_of_the_rounds_count_and_the_ratio_is_taken_within_each(double[] ours, double[] peer, double ourSpeed, double peerSpeed, double ratio)
    {
        PhysicsResult result = new("x", [.. ours.Select(Run)], [.. peer.Select(Run)]);

        result.OurSpeed.ShouldBe(ourSpeed, 1e-9);
        result.PeerSpeed.ShouldBe(peerSpeed, 1e-9);
        result.Ratio.ShouldBe(ratio, 1e-12);
        new PhysicsResult("x", result.Ours, []).Ratio.ShouldBe(double.NaN);

        static PhysicsSpeed Run(double speed) => new((long)speed * 2, 1, 2, 0);
    }

    // Each step of the pendulum's cart is worth 1, and random pushes make it fall within a few steps.
    [Fact]
    public void Our_loop_steps_resets_and_measures_processor_time()
    {
        List<string> said = [];
        PhysicsResult result = PhysicsComparison.Run(["InvertedPendulum-v4"], null, 2, 0.02, said.Add).ShouldHaveSingleItem();

        result.Ours.Count.ShouldBe(2);
        result.Peer.ShouldBeEmpty();
        result.Ours.ShouldAllBe(r => r.MeanReward == 1 && r.CpuSeconds >= 0.02 && r.CpuSeconds < 1 && r.Steps % 100 == 0);
        result.Ours.ShouldAllBe(r => r.Steps / (double)r.Episodes > 4 && r.Steps / (double)r.Episodes < 9);
        said.ShouldBe(["InvertedPendulum-v4: 2 rounds"]);
    }

    [Fact]
    public void Missing_program_is_named()
    {
        PhysicsPeer.Build("no/such/folder", out string reason).ShouldBeNull();
        reason.ShouldContain("physics_loop.c is not in 'no/such/folder'");
    }
}
