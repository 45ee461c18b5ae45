using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo.Tests.Native;

public sealed class MjModelTests
{
    private const string Pendulum = """
        <mujoco><worldbody><body name="bob"><joint name="pivot" type="hinge" axis="0 1 0"/><geom name="ball" size="0.1" pos="0 0 -1"/><site name="tip"/></body></worldbody>
        <actuator><motor name="drive" joint="pivot"/></actuator></mujoco>
        """;

    [Theory]
    [InlineData("<mujoco><worldbody>", "XML")]
    [InlineData("<mujoco><worldbody><geom sise='1'/></worldbody></mujoco>", "unrecognized attribute: 'sise'")]
    [InlineData("<mujoco><worldbody><body><freejoint/></body></worldbody></mujoco>", "mass and inertia of moving bodies")]
    [InlineData("<mujoco><worldbody/><actuator><motor joint='x'/></actuator></mujoco>", "unknown transmission target 'x'")]
    [InlineData("", "XML")]
    public void FromMjcf_rejects_a_bad_model_with_the_engines_words(string mjcf, string words)
    {
        string message = Should.Throw<MujocoException>(() => MjModel.FromMjcf(mjcf)).Message;
        message.ShouldStartWith("MuJoCo rejects the model:");
        message.ShouldContain(words);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void FromFile_of_a_missing_file_names_it() =>
        Should.Throw<MujocoException>(() => MjModel.FromFile("no-such-model.xml")).Message.ShouldContain("no-such-model.xml");

    [Fact]
    public void Names_lead_to_numbers_and_unknown_names_to_an_error()
    {
        using MjModel model = MjModel.FromMjcf(Pendulum);
        (model.BodyId("bob"), model.JointId("pivot"), model.GeomId("ball"), model.SiteId("tip"), model.ActuatorId("drive")).ShouldBe((1, 0, 0, 0, 0));
        Should.Throw<MujocoException>(() => model.BodyId("bib")).Message.ShouldBe("The model has no body named 'bib'.");
        Should.Throw<ArgumentException>(() => model.BodyId("bob\0")).Message.ShouldContain("zero character");
    }

    [Fact]
    public void A_disposed_model_or_simulation_refuses_access()
    {
        MjModel model = MjModel.FromMjcf(Pendulum);
        var data = new MjData(model);
        data.Dispose();
        Should.Throw<ObjectDisposedException>(() => data.Qpos.Length);
        Should.Throw<ObjectDisposedException>(() => data.Step(1));
        model.Dispose();
        Should.Throw<ObjectDisposedException>(() => model.Qpos0.Length);
        Should.Throw<ObjectDisposedException>(() => new MjData(model));
    }

    [Fact]
    public void A_simulation_keeps_its_model_alive()
    {
        MjModel model = MjModel.FromMjcf(Pendulum);
        using var data = new MjData(model);
        data.Qpos[0] = 0.1;
        model.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        data.Step(100);

        // A point-like bob of 1 m under gravity swings as cos(√(g/l)·t); the ball's own inertia slows it by half a per cent.
        data.Qpos[0].ShouldBe(0.1 * Math.Cos(Math.Sqrt(9.81) * 0.2), 1e-3);
    }
}
