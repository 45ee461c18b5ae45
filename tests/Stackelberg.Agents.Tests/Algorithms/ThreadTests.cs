using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class ThreadTests
{
    [Fact]
    public void The_number_of_threads_of_an_update_does_not_show_in_the_result()
    {
        (float[] Actor, float[] Critic) one = Train(threads: 1);
        (float[] Actor, float[] Critic) three = Train(threads: 3);
        three.Actor.ShouldBe(one.Actor);
        three.Critic.ShouldBe(one.Critic);
    }

    private static (float[] Actor, float[] Critic) Train(int threads)
    {
        // large enough to be cut into several chunks
        var options = new AcOptions { StepsPerIteration = 1500, Leading = new LeaderOptions { Leader = LeaderRole.Actor }, Actor = new ActorOptions { Hidden = [16, 16] } };
        var context = new AlgorithmContext(new Drift(discrete: false, 40), RandomStream.FromSeed(8), 100_000, threads);
        using var stac = new ActorCritic<float>(context, options);
        for (int i = 0; i < 4; i++)
        {
            stac.Iterate(1500, new RecordingSink());
        }

        return (stac.Actor().Parameters.Span.ToArray(), stac.Values.Parameters.Span.ToArray());
    }
}
