using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="InvertedDoublePendulum"/>, named as the arguments of Gymnasium's version 5. Noise 0.1.</summary>
public sealed record InvertedDoublePendulumOptions() : NoisyStartOptions(resetNoiseScale: 0.1)
{
    /// <summary>Reward per step, the last one included.</summary>
    [Option("reward per step, the last one included")]
    public double HealthyReward { get; init => field = OptionChecks.Finite(value); } = 10;
}
