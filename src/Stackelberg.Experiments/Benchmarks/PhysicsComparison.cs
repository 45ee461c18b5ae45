using Stackelberg.Environments;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Benchmarks;

/// <summary>One run of the random-action loop.</summary>
/// <param name="Steps">Steps of the environment.</param>
/// <param name="Episodes">Resets they led to.</param>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="MeanReward">Reward of a step on average: two loops that do the same work agree in it.</param>
public sealed record PhysicsSpeed(long Steps, long Episodes, double CpuSeconds, double MeanReward)
{
    /// <summary>Steps per second of processor time.</summary>
    public double StepsPerSecond => Steps / CpuSeconds;
}

/// <summary>A task with the runs of both sides, round by round.</summary>
/// <param name="Task">Its id.</param>
/// <param name="Ours">Through <see cref="IEnvironment.Step"/>.</param>
/// <param name="Peer">The loop in C; empty without one.</param>
public sealed record PhysicsResult(string Task, IReadOnlyList<PhysicsSpeed> Ours, IReadOnlyList<PhysicsSpeed> Peer)
{
    /// <summary>Our steps per second over the peer's, the median of the rounds; NaN without a peer.</summary>
    public double Ratio => Median([.. Ours.Zip(Peer, (o, p) => o.StepsPerSecond / p.StepsPerSecond)]);

    /// <summary>Our steps per second, the median of the rounds.</summary>
    public double OurSpeed => Median([.. Ours.Select(o => o.StepsPerSecond)]);

    /// <summary>The peer's steps per second, the median of the rounds; NaN without a peer.</summary>
    public double PeerSpeed => Median([.. Peer.Select(p => p.StepsPerSecond)]);

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length == 0 ? double.NaN : values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}

/// <summary>Times the steps of the MuJoCo tasks in turn with the same loop in C, so that both see the same machine.</summary>
public static class PhysicsComparison
{
    private const int StepsBetweenLooks = 100;

    /// <summary>Ids of the tasks.</summary>
    public static IReadOnlyList<string> Tasks { get; } = [.. Registered().Specs.Select(s => s.Id)];

    /// <summary>Runs the loops.</summary>
    /// <param name="tasks">Some of <see cref="Tasks"/>.</param>
    /// <param name="peer">The loop in C; null for our times alone.</param>
    /// <param name="rounds">How often to alternate, at least 1; the median counts.</param>
    /// <param name="seconds">Processor time of one run.</param>
    /// <param name="progress">Told what is being done and what the peer could not do.</param>
    /// <exception cref="MujocoException">The library cannot be used.</exception>
    public static IReadOnlyList<PhysicsResult> Run(IReadOnlyList<string> tasks, PhysicsPeer? peer, int rounds, double seconds, Action<string> progress)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        return PhysicsThread.Run(() => tasks.Select(task => Compare(task, peer, rounds, seconds, progress)).ToArray());
    }

    private static PhysicsResult Compare(string task, PhysicsPeer? peer, int rounds, double seconds, Action<string> progress)
    {
        progress($"{task}: {rounds} rounds");
        using IEnvironment environment = Registered().Make(task);
        RandomStream random = RandomStream.FromSeed(1);
        double[] observation = new double[environment.ObservationSpace.Size];
        environment.Reset(1, observation);

        // Until the compiler has made its last version of the code.
        Measure(environment, random, observation, Math.Max(seconds, 1));
        List<PhysicsSpeed> ours = [], theirs = [];
        for (int round = 0; round < rounds; round++)
        {
            string reason = "";
            if (peer?.Run(task, seconds, (ulong)round, out reason) is { } speed)
            {
                theirs.Add(speed);
            }
            else if (peer is not null)
            {
                progress($"no peer: {reason}");
                peer = null;
            }

            ours.Add(Measure(environment, random, observation, seconds));
        }

        return new PhysicsResult(task, ours, theirs);
    }

    private static PhysicsSpeed Measure(IEnvironment environment, RandomStream random, double[] observation, double seconds)
    {
        double[] action = new double[environment.ActionSpace.Size];
        (long steps, long episodes, double rewards) = (0, 0, 0);
        double start = CpuTimer.Now, now;
        do
        {
            for (int i = 0; i < StepsBetweenLooks; i++)
            {
                environment.ActionSpace.Sample(random, action);
                StepResult step = environment.Step(action, observation);
                rewards += step.Reward;
                if (step.Ended)
                {
                    environment.Reset(null, observation);
                    episodes++;
                }
            }

            steps += StepsBetweenLooks;
            now = CpuTimer.Now;
        }
        while (now - start < seconds);
        return new PhysicsSpeed(steps, episodes, now - start, rewards / steps);
    }

    private static EnvironmentCatalogue Registered()
    {
        EnvironmentCatalogue catalogue = new();
        MujocoTasks.Register(catalogue);
        return catalogue;
    }
}
