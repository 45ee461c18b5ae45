using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="Pusher"/>, named as the arguments of Gymnasium's version 5; version 4 has the same values and no
/// arguments.</summary>
public sealed record PusherOptions
{
    /// <summary>Cost per metre between object and wrist.</summary>
    [Option("cost per metre between object and wrist")]
    public double RewardNearWeight { get; init => field = OptionChecks.Finite(value); } = 0.5;

    /// <summary>Cost per metre between object and goal.</summary>
    [Option("cost per metre between object and goal")]
    public double RewardDistWeight { get; init => field = OptionChecks.Finite(value); } = 1;

    /// <summary>Cost per squared unit of action.</summary>
    [Option("cost per squared unit of action")]
    public double RewardControlWeight { get; init => field = OptionChecks.Finite(value); } = 0.1;
}
