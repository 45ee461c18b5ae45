namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="Swimmer"/>. Defaults: weights 1 (forward) and 0.0001 (control), noise 0.1.</summary>
public sealed record SwimmerOptions() : LocomotionOptions(ctrlCostWeight: 1e-4, resetNoiseScale: 0.1);
