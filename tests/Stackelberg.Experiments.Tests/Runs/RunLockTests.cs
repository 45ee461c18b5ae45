using System.Text.Json;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_living_holder_is_named_and_respected()
    {
        using RunLock first = RunLock.Take(folder.Path);
        Should.Throw<RunException>(() => RunLock.Take(folder.Path)).Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public void A_lock_given_back_can_be_taken_again()
    {
        RunLock.Take(folder.Path).Dispose();
        using RunLock second = RunLock.Take(folder.Path);
        second.ShouldNotBeNull();
    }

    [Fact]
    public void A_process_number_used_again_by_another_process_does_not_hold()
    {
        Plant(ProcessIdentity.Current with { Started = "1" });
        RunLock.Take(folder.Path).Dispose();
    }

    [Fact]
    public void A_process_that_is_gone_does_not_hold()
    {
        Plant(ProcessIdentity.Current with { ProcessId = int.MaxValue });
        RunLock.Take(folder.Path).Dispose();
    }

    [Fact]
    public void A_process_from_before_the_machine_was_started_does_not_hold()
    {
        Plant(ProcessIdentity.Current with { Boot = "an earlier one" });
        RunLock.Take(folder.Path).Dispose();
    }

    [Fact]
    public void A_holder_on_another_host_is_respected_with_the_way_out()
    {
        Plant(ProcessIdentity.Current with { Host = "elsewhere" });
        RunException error = Should.Throw<RunException>(() => RunLock.Take(folder.Path));
        error.Message.ShouldContain("'elsewhere'");
        error.Message.ShouldContain(folder.Below(RunLock.FileName));
    }

    [Fact]
    public void An_unreadable_lock_is_respected_with_the_way_out()
    {
        File.WriteAllText(folder.Below(RunLock.FileName), "someone");
        Should.Throw<RunException>(() => RunLock.Take(folder.Path)).Message.ShouldContain("delete the file");
    }

    [Fact]
    public void Of_many_who_try_at_once_one_gets_a_stale_lock()
    {
        Plant(ProcessIdentity.Current with { Started = "1" });
        var locks = new System.Collections.Concurrent.ConcurrentBag<RunLock>();
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            try
            {
                locks.Add(RunLock.Take(folder.Path));
            }
            catch (RunException)
            {
                // the seven others
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        locks.Count.ShouldBe(1);
    }

    private void Plant(ProcessIdentity holder) => File.WriteAllText(folder.Below(RunLock.FileName), JsonSerializer.Serialize(holder));
}
