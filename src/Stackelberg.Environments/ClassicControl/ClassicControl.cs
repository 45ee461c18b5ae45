namespace Stackelberg.Environments;

/// <summary>The classic control tasks, under Gymnasium's ids.</summary>
public static class ClassicControl
{
    internal const string CartPoleDescription = "Balance a pole on a cart by pushing it left or right; one point per step.";

    /// <summary>CartPole with 200 steps per episode; solved at a mean return of 195.</summary>
    public static EnvironmentSpec CartPoleV0 { get; } = new("CartPole-v0", 200, 195.0) { Description = CartPoleDescription };

    /// <summary>CartPole with 500 steps per episode; solved at a mean return of 475.</summary>
    public static EnvironmentSpec CartPoleV1 { get; } = new("CartPole-v1", 500, 475.0) { Description = CartPoleDescription };

    /// <summary>Registers all classic control tasks.</summary>
    /// <exception cref="ArgumentException">One of the ids is taken.</exception>
    public static void Register(EnvironmentCatalogue catalogue)
    {
        catalogue.Add(CartPoleV0, () => new CartPole(spec: CartPoleV0));
        catalogue.Add(CartPoleV1, () => new CartPole(spec: CartPoleV1));
    }
}
