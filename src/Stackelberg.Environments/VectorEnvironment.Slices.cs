using Stackelberg.Environments.Internals;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

// Who touches which copy: thread w works on slice w only, so nothing here is shared between threads but the arrays, of which each copy has its own rows.
public sealed partial class VectorEnvironment
{
    private readonly StepWorkers? workers;
    private readonly Action<int> resetSlice, stepSlice, resetCopy, stepCopy;
    private readonly double[] actionsToTake;
    private readonly ulong?[] seeds;

    // The copy each thread works on, to name it should the thread be lost.
    private readonly int[] current;

    private void CreateCopies(Func<int, IEnvironment> create)
    {
        for (int i = 0; i < copies.Length; i++)
        {
            OnCopy(i, index =>
            {
                IEnvironment copy = create(index);
                copies[index] = copy.Find<EpisodeStatistics>() is null ? new EpisodeStatistics(copy) : copy;
            });
            statistics[i] = copies[i].Find<EpisodeStatistics>()!;
            RequireSameSpaces(copies[0], copies[i], i);
        }
    }

    // For what is seldom done, one copy after another, but on the thread that steps the copy.
    private void OnCopy(int index, Action<int> work) => OnSlices(slice =>
    {
        (int first, int next) = Slice(slice);
        if (index >= first && index < next)
        {
            current[slice] = index;
            work(index);
        }
    });

    // Where a thread was lost its copies went with it, and the others are disposed from here.
    private void DisposeCopies()
    {
        bool complete = workers is not null && Enumerable.Range(0, workers.Count).All(workers.Alive);
        if (complete)
        {
            workers!.Run(DisposeSlice);
            return;
        }

        for (int slice = 0; slice < current.Length; slice++)
        {
            if (workers is null || workers.Alive(slice))
            {
                DisposeSlice(slice);
            }
        }
    }

    private void DisposeSlice(int slice)
    {
        (int first, int next) = Slice(slice);
        for (int i = first; i < next; i++)
        {
            copies[i]?.Dispose();
        }
    }

    private (int First, int Next) Slice(int slice)
    {
        int number = current.Length;
        return ((int)((long)copies.Length * slice / number), (int)((long)copies.Length * (slice + 1) / number));
    }

    private void OnSlices(Action<int> work)
    {
        bool wasReady = ready;
        ready = false;
        try
        {
            if (workers is null)
            {
                work(0);
            }
            else
            {
                workers.Run(work);
            }
        }
        catch (StepWorkerLostException lost)
        {
            throw new EnvironmentException($"Copy {current[lost.Worker]} of {copies.Length}: {lost.Message} " +
                "The other copies of its thread are lost as well; go on from the last checkpoint with a new vector environment.", lost.InnerException);
        }

        ready = wasReady;
    }

    private void ResetSlice(int slice) => OnEach(slice, resetCopy);

    private void StepSlice(int slice) => OnEach(slice, stepCopy);

    private void OnEach(int slice, Action<int> work)
    {
        (int first, int next) = Slice(slice);
        for (int i = first; i < next; i++)
        {
            current[slice] = i;
            try
            {
                work(i);
            }
            catch (Exception exception)
            {
                throw new EnvironmentException($"Copy {i} of {copies.Length}: {ExceptionText.Of(exception)}", exception);
            }
        }
    }

    private void ResetCopy(int i)
    {
        Clear(i);
        copies[i].Reset(seeds[i], Row(observations, i));
    }

    private void StepCopy(int i)
    {
        Span<double> observation = Row(observations, i);
        StepResult result = copies[i].Step(actionsToTake.AsSpan(i * actionSize, actionSize), observation);
        Clear(i);
        rewards[i] = result.Reward;
        terminated[i] = result.Terminated;
        truncated[i] = result.Truncated;
        ended[i] = result.Ended;
        if (result.Ended)
        {
            observation.CopyTo(Row(finalObservations, i));
            episodeReturns[i] = statistics[i].Return;
            episodeLengths[i] = statistics[i].Length;
            copies[i].Reset(null, observation);
        }
    }

    private void Clear(int i)
    {
        Row(finalObservations, i).Fill(double.NaN);
        rewards[i] = 0;
        terminated[i] = false;
        truncated[i] = false;
        ended[i] = false;
        episodeReturns[i] = double.NaN;
        episodeLengths[i] = 0;
    }

    private Span<double> Row(double[] rows, int i) => rows.AsSpan(i * observationSize, observationSize);

    private static void RequireSameSpaces(IEnvironment first, IEnvironment other, int index)
    {
        if (first.ObservationSpace.ToString() != other.ObservationSpace.ToString() || first.ActionSpace.ToString() != other.ActionSpace.ToString())
        {
            throw new ArgumentException($"Copy {index} has spaces {other.ObservationSpace} and {other.ActionSpace}, " +
                $"copy 0 {first.ObservationSpace} and {first.ActionSpace}; all copies need the same.");
        }
    }

    // Moments updated by several threads would be a race, and even under a lock depend on who came first.
    private void RequireSeparateMoments()
    {
        if (workers is null)
        {
            return;
        }

        HashSet<RunningMoments> seen = new(ReferenceEqualityComparer.Instance);
        foreach (IEnvironment copy in copies)
        {
            for (IEnvironment? layer = copy; layer is not null; layer = (layer as EnvironmentWrapper)?.Inner)
            {
                RunningMoments? moments = layer switch
                {
                    NormaliseObservation { Frozen: false } wrapper => wrapper.Moments,
                    NormaliseReward { Frozen: false } wrapper => wrapper.Moments,
                    _ => null,
                };
                if (moments is not null && !seen.Add(moments))
                {
                    throw new ArgumentException("Copies on worker threads share running moments, so results would depend on the threads. " +
                        "Give the vector environment a VectorNormalisation instead, or each copy moments of its own.");
                }
            }
        }
    }
}
