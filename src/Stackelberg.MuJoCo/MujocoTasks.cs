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
        catalogue.Add(Ant.Specification, new AntOptions(), static o => new Ant(o));
        catalogue.Add(HalfCheetah.Specification, new HalfCheetahOptions(), static o => new HalfCheetah(o));
        catalogue.Add(Hopper.Specification, new HopperOptions(), static o => new Hopper(o));
        catalogue.Add(Humanoid.Specification, new HumanoidOptions(), static o => new Humanoid(o));
        catalogue.Add(HumanoidStandup.Specification, new HumanoidStandupOptions(), static o => new HumanoidStandup(o));
        catalogue.Add(InvertedDoublePendulum.Specification, new InvertedDoublePendulumOptions(), static o => new InvertedDoublePendulum(o));
        catalogue.Add(InvertedPendulum.Specification, new InvertedPendulumOptions(), static o => new InvertedPendulum(o));
        catalogue.Add(Pusher.Specification, new PusherOptions(), static o => new Pusher(o));
        catalogue.Add(Reacher.Specification, new ReacherOptions(), static o => new Reacher(o));
        catalogue.Add(Swimmer.Specification, new SwimmerOptions(), static o => new Swimmer(o));
        catalogue.Add(Walker2d.Specification, new Walker2dOptions(), static o => new Walker2d(o));
    }
}
