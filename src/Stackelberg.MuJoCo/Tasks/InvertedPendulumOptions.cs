namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="InvertedPendulum"/>, named as the arguments of Gymnasium's version 5. Noise 0.01.</summary>
public sealed record InvertedPendulumOptions() : NoisyStartOptions(resetNoiseScale: 0.01);
