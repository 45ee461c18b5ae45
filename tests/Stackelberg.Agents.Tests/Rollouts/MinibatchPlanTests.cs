using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Rollouts;

public sealed class MinibatchPlanTests
{
    [Theory]
    [InlineData(24, 8, 3)]
    [InlineData(25, 8, 4)]
    [InlineData(5, 4, 2)]
    [InlineData(1, 4, 1)]
    [InlineData(7, 100, 1)]
    [InlineData(7, 1, 7)]
    public void Every_epoch_visits_every_step_once_in_an_order_of_its_own(int steps, int size, int minibatches)
    {
        var plan = new MinibatchPlan(PpoLearners.Small with { MinibatchSize = size }, RandomStream.FromSeed(3));
        var orders = new List<int[]>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            plan.Shuffle(steps);
            plan.Count.ShouldBe(minibatches);
            int[] order = [.. Enumerable.Range(0, minibatches).SelectMany(i => plan.Rows(i).ToArray())];
            Enumerable.Range(0, minibatches - 1).Select(i => plan.Rows(i).Length).Distinct().ShouldBe(minibatches == 1 ? [] : [size]);
            order.Order().ShouldBe(Enumerable.Range(0, steps));
            orders.Add(order);
            plan.LargestOf(steps).ShouldBe(Math.Min(size, steps));
        }

        if (steps > 5)
        {
            orders[1].ShouldNotBe(orders[0]);
            orders[2].ShouldNotBe(orders[1]);
        }
    }

    [Fact]
    public void Per_environment_a_minibatch_is_one_copys_steps_also_where_copies_differ_in_length()
    {
        var plan = new MinibatchPlan(PpoLearners.Nested(LeaderRole.None) with { RolloutSteps = 6 }, RandomStream.FromSeed(3));
        foreach (int[] shares in new int[][] { [6, 6, 6], [3, 3, 2], [1] })
        {
            plan.Clear();
            int end = 0;
            foreach (int share in shares)
            {
                plan.EndCopy(end += share);
            }

            var firsts = new HashSet<int>();
            for (int epoch = 0; epoch < 20; epoch++)
            {
                plan.Shuffle(end);
                plan.Count.ShouldBe(shares.Length);
                (int Start, int Count)[] copies = [.. Enumerable.Range(0, shares.Length).Select(plan.Copy)];
                firsts.Add(copies[0].Start);
                int at = 0;
                copies.Order().ShouldBe(shares.Select(share => ((at += share) - share, share)));
            }

            firsts.Count.ShouldBe(shares.Length, "copies come in random order");
        }
    }

    [Fact]
    public void A_minibatch_of_whole_trajectories_keeps_them_and_their_ends_and_no_others()
    {
        var parts = new SurrogateParts(SurrogateParts.Small(LeaderRole.None), discrete: false);
        parts.Batch.Count.ShouldBe(SurrogateParts.Count);
        parts.Batch.Trajectories.ToArray().Select(static t => (t.Start, t.Length, t.Complete)).ShouldBe(
            [(0, 5, true), (5, 1, true), (6, 5, true), (11, 4, true), (15, 1, true), (16, 5, false)]);
        parts.Batch.EndCount.ShouldBe(3);
        foreach (Trajectory trajectory in parts.Batch.Trajectories)
        {
            double[]? after = parts.After.GetValueOrDefault(SurrogateParts.First + trajectory.End - 1);
            (trajectory.EndRow < 0).ShouldBe(after is null);
            if (after is not null)
            {
                parts.Batch.EndInputs.Row(trajectory.EndRow).ToArray().ShouldBe(after);
            }
        }
    }

    [Fact]
    public void Picked_steps_bring_all_that_belongs_to_them()
    {
        var parts = new SurrogateParts(SurrogateParts.Small(LeaderRole.None), discrete: false);
        int[] rows = [7, 29, 0];
        for (int t = 0; t < SurrogateParts.Rows; t++)
        {
            parts.Rollout.Advantages[t] = 100 + t;
        }

        parts.Batch.Pick(parts.Rollout, parts.Values.Inputs, rows);
        (parts.Batch.Count, parts.Batch.EndCount, parts.Batch.Trajectories.Length).ShouldBe((3, 0, 0));
        for (int i = 0; i < 3; i++)
        {
            int row = rows[i];
            parts.Batch.Observations.Row(i).ToArray().ShouldBe(parts.Rollout.Observations.Row(row).ToArray());
            parts.Batch.CriticInputs.Row(i).ToArray().ShouldBe(parts.Rollout.Observations.Row(row).ToArray());
            parts.Batch.Actions.Row(i).ToArray().ShouldBe(parts.Rollout.Actions.Row(row).ToArray());
            (parts.Batch.LogProbabilities[i], parts.Batch.Advantages[i], parts.Batch.Values[i], parts.Batch.Rewards[i], parts.Batch.Targets[i]).ShouldBe(
                (parts.Rollout.LogProbabilities[row], 100 + row, parts.Rollout.Values[row], parts.Rollout.Rewards[row], parts.Rollout.Targets[row]));
        }
    }
}
