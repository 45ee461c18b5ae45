using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests;

public sealed class PhysicsThreadTests
{
    [Fact]
    public void Run_returns_the_result_of_a_job_on_another_thread()
    {
        int caller = Environment.CurrentManagedThreadId;
        (int thread, bool background) = PhysicsThread.Run(() => (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsBackground));
        thread.ShouldNotBe(caller);
        background.ShouldBeTrue();
    }

    [Fact]
    public void Run_passes_ordinary_exceptions_through_with_their_stack()
    {
        var thrown = new InvalidOperationException("mine");
        var caught = Should.Throw<InvalidOperationException>(() => PhysicsThread.Run(() => Throw(thrown)));
        caught.ShouldBeSameAs(thrown);
        caught.StackTrace!.ShouldContain(nameof(Throw));
        Should.Throw<OperationCanceledException>(() => PhysicsThread.Run(() => throw new OperationCanceledException()));
        PhysicsThread.LostThreads.ShouldBe(0);
    }

    [Fact]
    public void Run_inside_a_job_stays_on_its_thread() =>
        PhysicsThread.Run(() => PhysicsThread.Run(() => Environment.CurrentManagedThreadId) == Environment.CurrentManagedThreadId).ShouldBeTrue();

    [Fact]
    public void A_job_may_go_deep() => PhysicsThread.Run(() => Depth(50_000)).ShouldBe(50_000);

    [Fact]
    public void A_fatal_error_fails_the_job_and_a_fresh_thread_works()
    {
        ChildOutcome outcome = Child.Run("fatal-on-physics-thread");
        outcome.ExitCode.ShouldBe(0, outcome.Error);
        string[] lines = outcome.Output.Trim().Split('\n');
        lines.Length.ShouldBe(4, outcome.Output);
        foreach (string line in lines[..3])
        {
            line.ShouldStartWith("caught: MuJoCo reported a fatal error:");
            line.ShouldContain("stack");
        }

        // Free fall for 100 steps of 2 ms: −g·t²/2 with the semi-implicit method's half step more.
        lines[3].ShouldBe($"lost 3, height {-9.81 * 0.2 * 0.202 / 2:F3}");
        outcome.Files.ShouldBeEmpty();
    }

    [Fact]
    public void A_fatal_error_on_an_ordinary_thread_ends_the_process_with_the_message_and_without_waiting_for_a_key()
    {
        ChildOutcome outcome = Child.Run("fatal-on-plain-thread");
        outcome.ExitCode.ShouldNotBe(0);
        outcome.Error.ShouldContain("MuJoCo reported a fatal error:");
        outcome.Error.ShouldContain("outside a physics thread");
        outcome.Output.ShouldNotContain("the engine returned");
        outcome.Files.ShouldBeEmpty();
    }

    [Fact]
    public void After_too_many_fatal_errors_no_new_job_starts()
    {
        ChildOutcome outcome = Child.Run("fatal-until-refused");
        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldStartWith($"{PhysicsThread.MaximumLostThreads} lost; MuJoCo reported {PhysicsThread.MaximumLostThreads} fatal errors in this process");
    }

    [Fact]
    public void Warnings_leave_no_log_file()
    {
        ChildOutcome outcome = Child.Run("diverge");
        outcome.Output.Trim().ShouldBe("diverged: True");
        outcome.Files.ShouldBeEmpty();
    }

    private static int Throw(Exception exception) => throw exception;

    private static int Depth(int levels) => levels == 0 ? 0 : 1 + Depth(levels - 1);
}
