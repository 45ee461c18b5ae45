using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>What a crash pays in <see cref="HighwayMerge"/>.</summary>
public enum HighwayCrashReward
{
    /// <summary>−25, −20, −15, −10 or −5 by the leader's x: below 260, 265, 270, 275 m, or beyond. The published code.</summary>
    ByPosition,

    /// <summary>−10 wherever it happens. The paper's text.</summary>
    Flat,
}

/// <summary>How <see cref="HighwayMerge"/> scales the two kinematic numbers of an observation.</summary>
public enum HighwayObservationScale
{
    /// <summary>Distance / 40 m, speed difference / 80 m/s: what the code feeds to Bi-AC.</summary>
    BiAc,

    /// <summary>Distance / 70 m, speed difference / 140 m/s: what it feeds to I-DQN, MADDPG and TD3.</summary>
    Baselines,
}

/// <summary>Options of <see cref="HighwayMerge"/>.</summary>
public sealed record HighwayMergeOptions
{
    /// <summary>Speeds uniform in [30, 40) m/s: the range with which the published table agrees. The defaults.</summary>
    public static HighwayMergeOptions WideSpeeds { get; } = new();

    /// <summary>Speeds uniform in [38, 40) m/s: the range of the released code.</summary>
    public static HighwayMergeOptions ReleasedSpeeds { get; } = new() { SpeedLow = 38 };

    /// <summary>Lower bound of the initial speeds in m/s; at least 1.</summary>
    [Option("lower bound of the initial speeds, m/s", Minimum = 1, Maximum = 70)]
    public double SpeedLow { get; init; } = 30;

    /// <summary>Upper bound of the initial speeds in m/s; at most 70.</summary>
    [Option("upper bound of the initial speeds, m/s", Minimum = 1, Maximum = 70)]
    public double SpeedHigh { get; init; } = 40;

    /// <summary>What a crash pays.</summary>
    [Option("what a crash pays")]
    public HighwayCrashReward CrashReward { get; init; } = HighwayCrashReward.ByPosition;

    /// <summary>How observations are scaled.</summary>
    [Option("how observations are scaled")]
    public HighwayObservationScale ObservationScale { get; init; } = HighwayObservationScale.BiAc;
}
