using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>
/// When a step was taken, for formats that ask. Tables hold no times, so it is as if the run had been trained at one pace: start and length are known, what lies between is drawn straight.
/// </summary>
internal readonly record struct RunClock(ComparedRun Run)
{
    /// <summary>Start, in seconds since 1970.</summary>
    public double Start => (Run.Started - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>Seconds from the start to a step.</summary>
    public double Seconds(long step) => Run.Result.Steps == 0 ? 0 : Run.Result.Times.WallSeconds * step / Run.Result.Steps;
}
