using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData("Ant-v4", 1000, 6000.0, 27, 8, 1.0)]
    [InlineData("HalfCheetah-v4", 1000, 4800.0, 17, 6, 1.0)]
    [InlineData("Hopper-v4", 1000, 3800.0, 11, 3, 1.0)]
    [InlineData("Humanoid-v4", 1000, null, 376, 17, 0.4)]
    [InlineData("HumanoidStandup-v4", 1000, null, 376, 17, 0.4)]
    [InlineData("InvertedDoublePendulum-v4", 1000, 9100.0, 11, 1, 1.0)]
    [InlineData("InvertedPendulum-v4", 1000, 950.0, 4, 1, 3.0)]
    [InlineData("Pusher-v4", 100, 0.0, 23, 7, 2.0)]
    [InlineData("Reacher-v4", 50, -3.75, 11, 2, 1.0)]
    [InlineData("Swimmer-v4", 1000, 360.0, 8, 2, 1.0)]
    [InlineData("Walker2d-v4", 1000, null, 17, 6, 1.0)]
    public void Registration_and_spaces_are_Gymnasiums(
        string id, int limit, double? threshold, int observationSize, int actionSize, double bound)
    {
        using IEnvironment made = TaskCase.Catalogue().Make(id);
        (made.Spec.Id, made.Spec.MaxEpisodeSteps, made.Spec.RewardThreshold).ShouldBe((id, limit, threshold));
        made.Spec.Description.ShouldNotBeEmpty();
        made.ObservationSpace.Size.ShouldBe(observationSize);
        var actions = made.ActionSpace.ShouldBeOfType<BoxSpace>();
        actions.Low.ToArray().ShouldBe(Enumerable.Repeat(-bound, actionSize));
        actions.High.ToArray().ShouldBe(Enumerable.Repeat(bound, actionSize));
    }

    [Fact]
    public void These_are_all() => TaskCase.Ids.Length.ShouldBe(11);
}
