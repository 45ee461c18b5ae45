using Stackelberg.Environments.Tests.Support;

namespace Stackelberg.Environments.Tests;

public sealed class StepWorkersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Each_copy_is_made_reset_stepped_and_disposed_on_the_thread_of_its_slice()
    {
        ScriptedEnvironment[] witnesses = new ScriptedEnvironment[5];
        HashSet<int>[] threads = [.. Enumerable.Range(0, 5).Select(_ => new HashSet<int>())];
        using (VectorEnvironment environment = new(5, Make, new StepWorkers(2)))
        {
            environment.Reset(0);
            for (int step = 0; step < 60; step++)
            {
                environment.Step(new double[5]);
            }
        }

        int[] used = [.. threads.Select(t => t.ShouldHaveSingleItem())];
        used.ShouldBe([used[0], used[0], used[2], used[2], used[2]]);
        used.Append(Environment.CurrentManagedThreadId).Distinct().Count().ShouldBe(3);
        witnesses.ShouldAllBe(w => w.Disposals == 1 && w.Episode == 21);

        IEnvironment Make(int i)
        {
            threads[i].Add(Environment.CurrentManagedThreadId);
            return witnesses[i] = Witness(threads[i]);
        }
    }

    [Fact]
    public void Dispose_ends_the_threads_and_may_be_called_twice()
    {
        List<Thread> threads = [];
        VectorEnvironment environment = new(2, () => new CartPole(), new StepWorkers(3, Keep(threads)));
        environment.Reset(1);
        threads.Count.ShouldBe(3);
        threads.ShouldAllBe(t => t.IsAlive);
        environment.Dispose();
        environment.Dispose();
        threads.ShouldAllBe(t => t.Join(Patience));
        Should.Throw<ObjectDisposedException>(() => environment.Step([0, 0]));
        Should.Throw<ObjectDisposedException>(() => environment.Reset(0));
    }

    [Fact]
    public void A_constructor_that_fails_ends_the_threads_and_disposes_the_copies_it_made()
    {
        List<Thread> threads = [];
        ScriptedEnvironment made = Witness();
        Should.Throw<NotSupportedException>(() =>
            new VectorEnvironment(3, i => i == 0 ? made : throw new NotSupportedException(), new StepWorkers(2, Keep(threads))));
        threads.ShouldAllBe(t => t.Join(Patience));
        made.Disposals.ShouldBe(1);

        Should.Throw<InvalidOperationException>(() => new StepWorkers(3, action =>
            threads.Count < 4 ? Keep(threads)(action) : throw new InvalidOperationException()));
        threads.ShouldAllBe(t => t.Join(Patience));
        Should.Throw<ArgumentOutOfRangeException>(() => new StepWorkers(0));
    }

    [Fact]
    public void A_failing_step_names_the_lowest_copy_on_any_number_of_threads_and_a_reset_mends_it()
    {
        foreach (StepWorkers? workers in (StepWorkers?[])[null, new StepWorkers(1), new StepWorkers(2), new StepWorkers(5)])
        {
            using VectorEnvironment environment = new(5, i => i is 2 or 4 ? Trap() : Witness(), workers);
            environment.Reset(0);
            environment.Step(new double[5]);
            EnvironmentException error = Should.Throw<EnvironmentException>(() => environment.Step([1, 1, 1, 1, 1]));
            error.Message.ShouldStartWith("Copy 2 of 5: trap");
            error.InnerException.ShouldBeOfType<FormatException>();
            Should.Throw<EnvironmentException>(() => environment.Step(new double[5])).Message.ShouldContain("Call Reset");
            Should.Throw<InvalidOperationException>(() => environment.Reset(null)).Message.ShouldContain("failed step");
            environment.Reset(0);
            Should.NotThrow(() => environment.Step(new double[5]));
        }
    }

    [Fact]
    public void A_lost_thread_fails_the_step_naming_the_copy_and_everything_after_it_too()
    {
        // A thread given up like a physics thread: its task faults while its body never comes back.
        List<TaskCompletionSource> tasks = [];
        using ManualResetEventSlim never = new();
        StepWorkers workers = new(2, action =>
        {
            TaskCompletionSource task = new(TaskCreationOptions.RunContinuationsAsynchronously);
            tasks.Add(task);
            new Thread(() =>
            {
                action();
                task.TrySetResult();
            }) { IsBackground = true }.Start();
            return task.Task;
        });
        ScriptedEnvironment[] witnesses = [Witness(), Witness(), Witness()];
        VectorEnvironment environment = new(4, i => i == 3 ? Trap(() =>
        {
            tasks[1].SetException(new TimeoutException("the engine is gone."));
            never.Wait();
        }) : witnesses[i], workers);
        environment.Reset(0);
        environment.Step(new double[4]);

        EnvironmentException error = Should.Throw<EnvironmentException>(() => environment.Step([1, 1, 1, 1]));
        error.Message.ShouldStartWith("Copy 3 of 4: the engine is gone.");
        error.InnerException.ShouldBeOfType<TimeoutException>();
        Should.Throw<EnvironmentException>(() => environment.Reset(0)).Message.ShouldContain("the engine is gone.");
        environment.Dispose();
        witnesses.Select(w => w.Disposals).ShouldBe([1, 1, 0], "copies of the lost thread are left alone");
        never.Set();
    }

    [Fact]
    public void Waiting_threads_sleep()
    {
        List<Thread> threads = [];
        using VectorEnvironment environment = new(2, () => new CartPole(), new StepWorkers(2, Keep(threads)));
        environment.Reset(0);
        environment.Step([0, 1]);
        Thread.Sleep(100);
        // The processor's use by the whole process says nothing while other tests run, so the threads themselves are asked.
        for (int look = 0; look < 20; look++)
        {
            Thread.Sleep(10);
            threads.ShouldAllBe(t => t.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        }

        environment.Step([0, 1]);
    }

    internal static Func<Action, Task> Keep(List<Thread> threads) => action =>
    {
        TaskCompletionSource task = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            action();
            task.SetResult();
        }) { IsBackground = true };
        threads.Add(thread);
        thread.Start();
        return task.Task;
    };

    // Ends every third step; notes the threads it is used on.
    private static ScriptedEnvironment Witness(HashSet<int>? threads = null) => new(Steps.Going(), Steps.Going(), Steps.Terminated())
    {
        Observation = (episode, step) =>
        {
            threads?.Add(Environment.CurrentManagedThreadId);
            return [episode, step];
        },
    };

    // Throws when stepped with action 1.
    private static ScriptedEnvironment Trap(Action? spring = null)
    {
        ScriptedEnvironment? trap = null;
        trap = new ScriptedEnvironment(Steps.Going())
        {
            Observation = (episode, step) =>
            {
                if (step > 0 && trap!.LastAction[0] == 1)
                {
                    spring?.Invoke();
                    throw new FormatException("trap");
                }

                return [episode, step];
            },
        };
        return trap;
    }
}
