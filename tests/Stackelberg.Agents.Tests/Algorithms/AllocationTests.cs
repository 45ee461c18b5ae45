using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(LeaderRole.None, "cg", true)]
    [InlineData(LeaderRole.Actor, "cg", true)]
    [InlineData(LeaderRole.Actor, "minres", false)]
    [InlineData(LeaderRole.Actor, "neumann", false)]
    public void A_whole_iteration_allocates_nothing_in_steady_state(LeaderRole leader, string solver, bool discrete)
    {
        AcOptions options = Learners.Small().Led(leader).Changed(o => o with { Solver = solver, Iterations = 5, Damping = 1, Guard = true });
        using ActorCritic<double> stac = Learners.Create(options, discrete);
        var sink = new SilentSink();
        for (int i = 0; i < 12; i++)
        {
            stac.Iterate(60, sink);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            stac.Iterate(60, sink);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private sealed class SilentSink : ITrainingSink
    {
        public void Episode(in EpisodeSummary episode)
        {
        }

        public void Metric(string name, double value)
        {
        }

        public void Hypergradient(in HypergradientReport report)
        {
        }
    }
}
