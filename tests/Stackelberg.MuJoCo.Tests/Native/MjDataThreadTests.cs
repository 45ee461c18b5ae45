using Stackelberg.MuJoCo.Native;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Native;

public sealed class MjDataThreadTests
{
    // Four balls on springs that knock against each other and the floor: contacts come and go.
    private const string Balls = """
        <mujoco><option integrator="RK4"/><worldbody><geom type="plane" size="9 9 1"/>
        <body pos="0 0 0.3"><freejoint/><geom size="0.1"/></body><body pos="0.05 0 0.6"><freejoint/><geom size="0.1"/></body>
        <body pos="0 0.05 0.9"><freejoint/><geom size="0.1"/></body><body pos="0.03 0.03 1.2"><freejoint/><geom size="0.1"/></body>
        </worldbody></mujoco>
        """;

    [Fact]
    public async Task Simulations_on_one_shared_model_are_those_of_a_serial_run_whatever_the_collector_does()
    {
        const int Count = 6;
        using MjModel model = MjModel.FromMjcf(Balls);
        double[][] serial = [.. Enumerable.Range(0, Count).Select(i => Simulate(model, i))];
        Task<double[]>[] parallel = [.. Enumerable.Range(0, Count).Select(i => PhysicsThread.Start(() => Simulate(model, i)))];
        while (!parallel.All(t => t.IsCompleted))
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(1);
        }

        for (int i = 0; i < Count; i++)
        {
            (await parallel[i]).ShouldHaveTheBitsOf(serial[i], $"simulation {i}");
            serial[i].AsSpan().SequenceEqual(serial[(i + 1) % Count]).ShouldBeFalse("simulations differ from each other");
        }
    }

    [Fact]
    public void Load_restores_every_part_of_the_state()
    {
        using MjModel model = MjModel.FromMjcf("""
            <mujoco><worldbody><body><joint name="j" type="slide"/><geom size="0.1"/></body></worldbody>
            <actuator><general joint="j" dyntype="integrator" gainprm="3"/></actuator></mujoco>
            """);
        using var first = new MjData(model);
        using var second = new MjData(model);
        first.Controls[0] = 0.7;
        first.Step(20);
        first.Activations[0].ShouldBe(0.7 * 20 * 0.002, 1e-12);
        MemoryState.Of(first).Restore(second);
        (second.Time, second.Qpos[0], second.Qvel[0], second.Activations[0], second.QaccWarmstart[0])
            .ShouldBe((first.Time, first.Qpos[0], first.Qvel[0], first.Activations[0], first.QaccWarmstart[0]));
        first.QaccWarmstart[0].ShouldNotBe(0);
    }

    [Fact]
    public void Load_of_another_models_state_is_refused()
    {
        using MjModel small = MjModel.FromMjcf("""<mujoco><worldbody><body><joint/><geom size="0.1"/></body></worldbody></mujoco>""");
        using MjModel large = MjModel.FromMjcf(Balls);
        using var from = new MjData(small);
        using var to = new MjData(large);
        Should.Throw<StateException>(() => MemoryState.Of(from).Restore(to)).Message.ShouldContain("qpos");
    }

    private static double[] Simulate(MjModel model, int index)
    {
        using var data = new MjData(model);
        RandomStream random = RandomStream.FromSeed(31).Split("ball", index);
        foreach (ref double velocity in data.Qvel)
        {
            velocity = random.NextUniform(-1, 1);
        }

        int contacts = 0;
        for (int i = 0; i < 400; i++)
        {
            data.Step(1);
            contacts += data.ContactCount;
        }

        data.Diverged.ShouldBeFalse();
        contacts.ShouldBePositive();
        return [.. data.Qpos, .. data.Qvel];
    }
}
