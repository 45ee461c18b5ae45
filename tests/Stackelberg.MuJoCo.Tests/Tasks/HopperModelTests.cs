using System.Text.Json;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class HopperModelTests
{
    private static readonly JsonElement Facts = Load();

    public static TheoryData<string> ArrayNames() => Named(CompiledModelFields.Arrays.Keys, Facts);

    public static TheoryData<string> OptionNames() => Named(CompiledModelFields.Scalars.Keys, Facts.GetProperty("opt"));

    [Fact]
    public void The_facts_cover_the_model()
    {
        ArrayNames().Count.ShouldBe(39);
        OptionNames().Count.ShouldBe(13);
    }

    [Theory]
    [InlineData("nq", "nq")]
    [InlineData("nv", "nv")]
    [InlineData("nu", "nu")]
    [InlineData("na", "na")]
    [InlineData("nbody", "nbody")]
    [InlineData("njnt", "njnt")]
    [InlineData("ngeom", "ngeom")]
    [InlineData("nsite", "nsite")]
    [InlineData("ntendon", "ntendon")]
    [InlineData("nsensor", "nsensor")]
    [InlineData("npair", "npair")]
    [InlineData("nexclude", "nexclude")]
    [InlineData("neq", "neq")]
    [InlineData("njmax", "njmax_2_2_2")]
    [InlineData("nconmax", "nconmax_2_2_2")]
    [InlineData("nstack", "nstack_2_2_2")]
    public void Sizes_equal_the_original_model(string size, string fact)
    {
        using var hopper = new Hopper();
        CompiledModel.Size(hopper.Model, size).ShouldBe(Facts.GetProperty(fact).GetInt32());
    }

    [Theory]
    [MemberData(nameof(ArrayNames))]
    public void Arrays_equal_the_original_model_bit_for_bit(string name)
    {
        using var hopper = new Hopper();
        CompiledModel.Array(hopper.Model, name).ShouldHaveTheBitsOf(Numbers(Facts.GetProperty(name)), name);
    }

    [Theory]
    [MemberData(nameof(OptionNames))]
    public void Options_equal_the_original_model_bit_for_bit(string name)
    {
        using var hopper = new Hopper();
        CompiledModel.Scalar(hopper.Model, name).ShouldHaveTheBitsOf(Numbers(Facts.GetProperty("opt").GetProperty(name)), name);
    }

    [Fact]
    public void Mean_inertia_equals_the_original_model()
    {
        using var hopper = new Hopper();
        CompiledModel.Scalar(hopper.Model, "stat_meaninertia").ShouldHaveTheBitsOf([Facts.GetProperty("stat_meaninertia").GetDouble()], "stat_meaninertia");
    }

    [Fact]
    public void Names_are_found_in_the_original_order()
    {
        using var hopper = new Hopper();
        string[] bodies = [.. Facts.GetProperty("body_names").EnumerateArray().Select(n => n.GetString()!)];
        string[] joints = [.. Facts.GetProperty("joint_names").EnumerateArray().Select(n => n.GetString()!)];
        string[] geoms = [.. Facts.GetProperty("geom_names").EnumerateArray().Select(n => n.GetString()!)];
        bodies.Select(hopper.Model.BodyId).ShouldBe(Enumerable.Range(0, bodies.Length));
        joints.Select(hopper.Model.JointId).ShouldBe(Enumerable.Range(0, joints.Length));
        geoms.Select(hopper.Model.GeomId).ShouldBe(Enumerable.Range(0, geoms.Length));
    }

    [Fact]
    public void Motors_drive_the_original_joints_in_order()
    {
        using var hopper = new Hopper();
        double[] targets = CompiledModel.Array(hopper.Model, "actuator_trnid");
        Facts.GetProperty("actuator_joint").EnumerateArray().Select(n => (double)hopper.Model.JointId(n.GetString()!)).ShouldBe([targets[0], targets[2], targets[4]]);
    }

    private static TheoryData<string> Named(IEnumerable<string> names, JsonElement facts) => [.. names.Where(name => facts.TryGetProperty(name, out _))];

    private static double[] Numbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(n => n.GetDouble())] : [value.GetDouble()];

    private static JsonElement Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Reference.PathOf("Hopper-v4.model.json")));
        return document.RootElement.Clone();
    }
}
