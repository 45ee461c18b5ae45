namespace Stackelberg.Experiments.Benchmarks;

/// <summary>Times work by the processor time of this process, which leaves out the moments it was not running.</summary>
internal static class CpuTimer
{
    /// <summary>Processor seconds used so far.</summary>
    public static double Now => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Seconds per call: the least of a few repeats, each of about <paramref name="seconds"/>.</summary>
    public static double SecondsPerCall(Action call, double seconds, int repeats)
    {
        int calls = Calibrate(call, seconds);
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            double start = Now;
            for (int i = 0; i < calls; i++)
            {
                call();
            }

            best = Math.Min(best, (Now - start) / calls);
        }

        return best;
    }

    // Also long enough for the compiler to have made its last version of the code.
    private static int Calibrate(Action call, double seconds)
    {
        double start = Now;
        int calls = 0;
        do
        {
            call();
            calls++;
        }
        while (Now - start < seconds);
        return calls;
    }
}
