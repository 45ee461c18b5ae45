using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;

namespace Stackelberg.MuJoCo;

/// <summary>The tasks of this library. They can be registered and listed without MuJoCo; making one needs it.</summary>
public static class MujocoTasks
{
    /// <summary>Adds every task to <paramref name="catalogue"/>.</summary>
    /// <exception cref="ArgumentException">An id is taken.</exception>
    public static void Register(EnvironmentCatalogue catalogue) => catalogue.Add(Hopper.Specification, static () => new Hopper());
}
