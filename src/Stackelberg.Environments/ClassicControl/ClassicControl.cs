namespace Stackelberg.Environments;

/// <summary>The classic control tasks, under Gymnasium's ids.</summary>
public static class ClassicControl
{
    internal const string CartPoleDescription = "Balance a pole on a cart by pushing it left or right; one point per step.";

    /// <summary>CartPole with 200 steps per episode; solved at a mean return of 195.</summary>
    public static EnvironmentSpec CartPoleV0 { get; } = new("CartPole-v0", 200, 195.0) { Description = CartPoleDescription };

    /// <summary>CartPole with 500 steps per episode; solved at a mean return of 475.</summary>
    public static EnvironmentSpec CartPoleV1 { get; } = new("CartPole-v1", 500, 475.0) { Description = CartPoleDescription };

    /// <summary>Acrobot with 500 steps per episode; solved at a mean return of −100.</summary>
    public static EnvironmentSpec AcrobotV1 { get; } = new("Acrobot-v1", 500, -100.0)
    {
        Description = "Swing two links above the bar by torque on the joint between them; −1 per step.",
    };

    /// <summary>Pendulum with 200 steps per episode; no return counts as solved.</summary>
    public static EnvironmentSpec PendulumV1 { get; } = new("Pendulum-v1", 200, null)
    {
        Description = "Swing a pendulum up by a weak torque and hold it there.",
    };

    /// <summary>MountainCar with 200 steps per episode; solved at a mean return of −110.</summary>
    public static EnvironmentSpec MountainCarV0 { get; } = new("MountainCar-v0", 200, -110.0)
    {
        Description = "Drive a weak car out of a valley by momentum; −1 per step.",
    };

    /// <summary>MountainCarContinuous with 999 steps per episode; solved at a mean return of 90.</summary>
    public static EnvironmentSpec MountainCarContinuousV0 { get; } = new("MountainCarContinuous-v0", 999, 90.0)
    {
        Description = "Drive a weak car out of a valley with a continuous force; 100 at the goal, less the squared force.",
    };

    /// <summary>Registers all classic control tasks.</summary>
    /// <exception cref="ArgumentException">One of the ids is taken.</exception>
    public static void Register(EnvironmentCatalogue catalogue)
    {
        catalogue.Add(CartPoleV0, new CartPoleOptions(), static o => new CartPole(o, CartPoleV0));
        catalogue.Add(CartPoleV1, new CartPoleOptions(), static o => new CartPole(o, CartPoleV1));
        catalogue.Add(AcrobotV1, new AcrobotOptions(), static o => new Acrobot(o, AcrobotV1));
        catalogue.Add(PendulumV1, new PendulumOptions(), static o => new Pendulum(o, PendulumV1));
        catalogue.Add(MountainCarV0, new MountainCarOptions(), static o => new MountainCar(o, MountainCarV0));
        catalogue.Add(MountainCarContinuousV0, new MountainCarOptions(), static o => new MountainCarContinuous(o, MountainCarContinuousV0));
    }
}
