using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(Leader.None, "cg", true)]
    [InlineData(Leader.Actor, "cg", true)]
    [InlineData(Leader.Actor, "minres", false)]
    [InlineData(Leader.Actor, "neumann", false)]
    public void A_whole_iteration_allocates_nothing_in_steady_state(Leader leader, string solver, bool discrete)
    {
        StacOptions options = Learners.Small() with { Leader = leader };
        options = options with { Hypergradient = options.Hypergradient with { Solver = solver, Iterations = 5, Damping = 1, Guard = true } };
        using Stac<double> stac = Learners.Create(options, discrete);
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
