using System.Text.Json;
using Stackelberg.MuJoCo.Native;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests.Tasks;

/// <summary>The compiled models against facts of the original ones.</summary>
public sealed class ModelTests
{
    private static readonly (string Size, string Fact)[] Sizes =
    [
        .. "nq nv nu na nbody njnt ngeom nsite ntendon nsensor npair nexclude neq".Split(' ').Select(n => (n, n)),
        ("njmax", "njmax_2_2_2"), ("nconmax", "nconmax_2_2_2"), ("nstack", "nstack_2_2_2"),
    ];

    public static TheoryData<string> Ids => [.. TaskCase.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Sizes_equal_the_original_model(string id)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        JsonElement facts = Facts(id);
        foreach ((string size, string fact) in Sizes)
        {
            CompiledModel.Size(task.Model, size).ShouldBe(facts.GetProperty(fact).GetInt32(), size);
        }

        task.FrameSkip.ShouldBe(facts.GetProperty("frame_skip").GetInt32());
        task.StepSeconds.ShouldBe(facts.GetProperty("dt").GetDouble());
        task.ObservationSpace.Size.ShouldBe(facts.GetProperty("obs_dim").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Arrays_equal_the_original_model_bit_for_bit(string id)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        JsonElement facts = Facts(id);
        string[] names = [.. CompiledModelFields.Arrays.Keys.Where(name => facts.TryGetProperty(name, out _))];
        names.Length.ShouldBe(39);
        foreach (string name in names)
        {
            CompiledModel.Array(task.Model, name).ShouldHaveTheBitsOf(Numbers(facts.GetProperty(name)), name);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Options_and_mean_inertia_equal_the_original_model_bit_for_bit(string id)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        JsonElement facts = Facts(id);
        JsonElement options = facts.GetProperty("opt");
        string[] names = [.. CompiledModelFields.Scalars.Keys.Where(name => options.TryGetProperty(name, out _))];
        names.Length.ShouldBe(13);
        foreach (string name in names)
        {
            CompiledModel.Scalar(task.Model, name).ShouldHaveTheBitsOf(Numbers(options.GetProperty(name)), name);
        }

        double[] meanInertia = CompiledModel.Scalar(task.Model, "stat_meaninertia");
        meanInertia.ShouldHaveTheBitsOf([facts.GetProperty("stat_meaninertia").GetDouble()], "stat_meaninertia");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Names_are_found_in_the_original_order_and_motors_drive_the_original_joints(string id)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        MjModel model = task.Model;
        JsonElement facts = Facts(id);
        CheckNames("body_names", model.BodyId);
        CheckNames("joint_names", model.JointId);
        CheckNames("geom_names", model.GeomId);

        double[] targets = CompiledModel.Array(model, "actuator_trnid");
        facts.GetProperty("actuator_joint").EnumerateArray().Select(n => (double)model.JointId(n.GetString()!))
            .ShouldBe(Enumerable.Range(0, model.Nu).Select(i => targets[2 * i]));

        void CheckNames(string fact, Func<string, int> find)
        {
            foreach ((int index, JsonElement name) in facts.GetProperty(fact).EnumerateArray().Index().Where(n => n.Item.GetString() != ""))
            {
                find(name.GetString()!).ShouldBe(index, name.GetString());
            }
        }
    }

    private static double[] Numbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(n => n.GetDouble())] : [value.GetDouble()];

    private static JsonElement Facts(string id)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Reference.PathOf($"{id}.model.json")));
        return document.RootElement.Clone();
    }
}
