using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;

namespace Stackelberg.MuJoCo;

/// <summary>The tasks of this library. They can be registered and listed without MuJoCo; making one needs it.</summary>
public static class MujocoTasks
{
    /// <summary>Adds every task to <paramref name="catalogue"/>.</summary>
    /// <exception cref="ArgumentException">An id is taken.</exception>
    public static void Register(EnvironmentCatalogue catalogue)
    {
        catalogue.Add(Ant.Specification, static () => new Ant());
        catalogue.Add(HalfCheetah.Specification, static () => new HalfCheetah());
        catalogue.Add(Hopper.Specification, static () => new Hopper());
        catalogue.Add(Humanoid.Specification, static () => new Humanoid());
        catalogue.Add(HumanoidStandup.Specification, static () => new HumanoidStandup());
        catalogue.Add(InvertedDoublePendulum.Specification, static () => new InvertedDoublePendulum());
        catalogue.Add(InvertedPendulum.Specification, static () => new InvertedPendulum());
        catalogue.Add(Pusher.Specification, static () => new Pusher());
        catalogue.Add(Reacher.Specification, static () => new Reacher());
        catalogue.Add(Swimmer.Specification, static () => new Swimmer());
        catalogue.Add(Walker2d.Specification, static () => new Walker2d());
    }
}
