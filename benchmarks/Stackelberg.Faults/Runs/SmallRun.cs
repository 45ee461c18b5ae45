using System.Globalization;
using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>Trainings of a second: every table and several checkpoints come about.</summary>
internal static class SmallRun
{
    /// <summary>The command that trains one.</summary>
    /// <param name="steps">Of each seed.</param>
    /// <param name="checkpoints">How many are made on the way.</param>
    public static string[] Command(string algorithm, string environment, string seeds = "0..1", int steps = 600, int checkpoints = 4) =>
    [
        "train", "--algo", algorithm, "--env", environment, "--seeds", seeds, "--total-timesteps", Text(steps), "--eval-every", Text(steps / 3), "--eval-episodes", "2",
        "--checkpoint-every", Text(steps / checkpoints), "--set", "actor.hidden=8,8", "critic.hidden=8,8",
        .. algorithm is "ac" or "stac" ? (string[])["steps_per_iteration=50"] : ["learning_starts=100", "update_after=100", "buffer_size=1000", "batch_size=16"],
    ];

    /// <summary>Trains in the attempt's folder.</summary>
    public static void Train(Attempt attempt, string algorithm, string environment, string seeds = "0..1", int steps = 600)
    {
        CallResult call = attempt.Call(Command(algorithm, environment, seeds, steps));
        if (call.Code != 0)
        {
            throw new InvalidOperationException($"an undisturbed training ended with {call.Code}: {call.Escaped}{call.Error}");
        }
    }

    /// <summary>The folder of one seed below that in which the training was made.</summary>
    public static string Of(string folder, string algorithm, string environment, int seed) => Path.Combine(folder, "runs", environment, algorithm, $"seed-{seed}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
