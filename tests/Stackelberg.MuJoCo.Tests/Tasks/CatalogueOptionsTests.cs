using System.Reflection;
using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class CatalogueOptionsTests
{
    public static TheoryData<string> Ids => [.. TaskCase.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_constant_of_a_task_can_be_set_by_name(string id)
    {
        PropertyInfo[] constants = TaskCase.Catalogue().OptionsOf(id).ShouldNotBeNull().GetType().GetProperties();

        constants.ShouldNotBeEmpty();
        constants.ShouldAllBe(p => p.CanWrite && p.GetCustomAttribute<OptionAttribute>() != null);
    }

    [Fact]
    public void Contact_forces_make_the_observation_of_Ant_84_numbers_longer()
    {
        using IEnvironment plain = TaskCase.Catalogue().Make("Ant-v4");
        using IEnvironment touching = TaskCase.Catalogue().WithOptions("Ant-v4", new AntOptions { UseContactForces = true }).Make("Ant-v4");

        touching.ObservationSpace.Size.ShouldBe(plain.ObservationSpace.Size + 84);
        touching.Spec.ShouldBe(plain.Spec);
    }
}
