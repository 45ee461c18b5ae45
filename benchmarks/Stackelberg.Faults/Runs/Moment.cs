using System.Diagnostics;
using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>Waits for a random moment in the life of a training: any time, or just when a checkpoint is being written.</summary>
internal static class Moment
{
    /// <summary>Returns at the moment, or when the process has ended.</summary>
    /// <param name="store">The folder of checkpoints.</param>
    /// <param name="whole">How long the training takes undisturbed.</param>
    public static void Await(Attempt attempt, Process process, string store, TimeSpan whole)
    {
        TimeSpan at = whole * attempt.Random.NextDouble();
        bool inCheckpoint = attempt.Chance(0.5);
        double extra = attempt.Chance(0.5) ? 0 : attempt.Random.NextUniform(0, 0.01);
        attempt.Tell($"moment: after {at.TotalSeconds:F3} s{(inCheckpoint ? " and in a checkpoint" : "")}");
        Stopwatch clock = Stopwatch.StartNew();
        if (process.WaitForExit(at) || !inCheckpoint)
        {
            return;
        }

        while (!process.HasExited && clock.Elapsed < 2 * whole && !IsWriting(store))
        {
            Thread.SpinWait(1000);
        }

        Thread.Sleep(TimeSpan.FromSeconds(extra));
    }

    private static bool IsWriting(string store)
    {
        try
        {
            return Directory.Exists(store) && Directory.EnumerateDirectories(store, ".step-*").Any();
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }
}
