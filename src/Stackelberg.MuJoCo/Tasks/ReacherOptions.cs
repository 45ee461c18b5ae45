using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>Constants of <see cref="Reacher"/>, named as the arguments of Gymnasium's version 5; version 4 has the same values and no
/// arguments.</summary>
public sealed record ReacherOptions
{
    /// <summary>Cost per metre between fingertip and target.</summary>
    [Option("cost per metre between fingertip and target")]
    public double RewardDistWeight { get; init => field = OptionChecks.Finite(value); } = 1;

    /// <summary>Cost per squared unit of action.</summary>
    [Option("cost per squared unit of action")]
    public double RewardControlWeight { get; init => field = OptionChecks.Finite(value); } = 1;
}
