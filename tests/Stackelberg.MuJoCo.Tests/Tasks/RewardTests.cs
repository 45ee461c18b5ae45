using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Tasks;

/// <summary>Rewards with weights of one's own against the documented formulas, computed anew from the simulation before and after each
/// step.</summary>
public sealed class RewardTests
{
    private static readonly Dictionary<string, (Func<MujocoEnvironment> Make, Formula Reward)> Cases = new()
    {
        ["Ant"] = (
            () => new Ant(new AntOptions { ForwardRewardWeight = 2, CtrlCostWeight = 3, HealthyReward = 5, TerminateWhenUnhealthy = false }),
            (before, after, a) => (2 * (after.Body(1, 0) - before.Body(1, 0)) / 0.05) + (after.Qpos[2] is >= 0.2 and <= 1 ? 5 : 0)
                - (3 * Squares(a))),
        ["Ant that feels contacts"] = (
            () => new Ant(new AntOptions { UseContactForces = true, ContactCostWeight = 7, ContactForceRange = (-0.5, 2) }),
            (before, after, a) => ((after.Body(1, 0) - before.Body(1, 0)) / 0.05) + 1 - (0.5 * Squares(a))
                - (7 * Squares([.. after.Forces.Select(f => Math.Min(Math.Max(f, -0.5), 2))]))),
        ["HalfCheetah"] = (
            () => new HalfCheetah(new HalfCheetahOptions { ForwardRewardWeight = 2, CtrlCostWeight = 3 }),
            (before, after, a) => (2 * (after.Qpos[0] - before.Qpos[0]) / 0.05) - (3 * Squares(a))),
        ["Hopper"] = (
            () => new Hopper(new HopperOptions { ForwardRewardWeight = 2, CtrlCostWeight = 3, HealthyReward = 5 }),
            (before, after, a) => (2 * (after.Qpos[0] - before.Qpos[0]) / 0.008) + 5 - (3 * Squares(a))),
        ["Humanoid"] = (
            () => new Humanoid(new HumanoidOptions { ForwardRewardWeight = 2, CtrlCostWeight = 3, HealthyReward = 7 }),
            (before, after, a) => (2 * (after.CentreOfMass - before.CentreOfMass) / 0.015) + 7 - (3 * Squares(a))),
        ["HumanoidStandup"] = (
            () => new HumanoidStandup(
                new HumanoidStandupOptions { UphCostWeight = 2, CtrlCostWeight = 3, ImpactCostWeight = 1e-5, ImpactCostRange = (1, 4) }),
            (_, after, a) => (2 * after.Qpos[2] / 0.003) - (3 * Squares(a)) - Math.Min(Math.Max(1e-5 * Squares(after.Forces), 1), 4) + 1),
        ["InvertedDoublePendulum"] = (
            () => new InvertedDoublePendulum(new InvertedDoublePendulumOptions { HealthyReward = 20 }),
            (_, after, _) => 20 - (0.01 * Math.Pow(after.Site[0], 2)) - Math.Pow(after.Site[2] - 2, 2) - (1e-3 * Math.Pow(after.Qvel[1], 2))
                - (5e-3 * Math.Pow(after.Qvel[2], 2))),
        ["InvertedPendulum"] = (() => new InvertedPendulum(), (_, _, _) => 1),
        ["Pusher"] = (
            () => new Pusher(new PusherOptions { RewardNearWeight = 2, RewardDistWeight = 3, RewardControlWeight = 5 }),
            (before, _, a) => -(2 * before.Distance("object", "tips_arm")) - (3 * before.Distance("object", "goal")) - (5 * Squares(a))),
        ["Reacher"] = (
            () => new Reacher(new ReacherOptions { RewardDistWeight = 2, RewardControlWeight = 3 }),
            (before, _, a) => -(2 * before.Distance("fingertip", "target")) - (3 * Squares(a))),
        ["Swimmer"] = (
            () => new Swimmer(new SwimmerOptions { ForwardRewardWeight = 2, CtrlCostWeight = 3 }),
            (before, after, a) => (2 * (after.Qpos[0] - before.Qpos[0]) / 0.04) - (3 * Squares(a))),
        ["Walker2d"] = (
            () => new Walker2d(new Walker2dOptions { ForwardRewardWeight = 2, CtrlCostWeight = 3, HealthyReward = 5 }),
            (before, after, a) => (2 * (after.Qpos[0] - before.Qpos[0]) / 0.008) + 5 - (3 * Squares(a))),
    };

    private delegate double Formula(Snapshot before, Snapshot after, double[] action);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reward_is_the_documented_sum_also_for_actions_beyond_the_range(string name)
    {
        using MujocoEnvironment task = Cases[name].Make();
        RandomStream random = RandomStream.FromSeed(3);
        double[] observation = new double[task.ObservationSpace.Size];
        double[] action = new double[task.ActionSpace.Size];
        task.Reset(4, observation);
        for (int step = 1; step <= 60; step++)
        {
            task.ActionSpace.Sample(random, action);
            for (int i = 0; i < action.Length; i++)
            {
                action[i] *= 1.5;
            }

            var before = new Snapshot(task);
            StepResult result = task.Step(action, observation);
            double expected = Cases[name].Reward(before, new Snapshot(task), action);
            result.Reward.ShouldBe(expected, 1e-10 * Math.Max(1, Math.Abs(expected)), $"step {step}");
            if (result.Terminated)
            {
                task.ContinueAfterTermination();
            }
        }
    }

    private static double Squares(double[] values) => values.Sum(v => v * v);

    private sealed class Snapshot(MujocoEnvironment task)
    {
        private readonly double[] bodies = task.Data.BodyPositions.ToArray();

        internal double[] Qpos { get; } = task.Data.Qpos.ToArray();

        internal double[] Qvel { get; } = task.Data.Qvel.ToArray();

        internal double[] Forces { get; } = task.Data.ExternalForces.ToArray();

        internal double[] Site { get; } = task.Data.SitePositions.ToArray();

        internal double CentreOfMass { get; } =
            task.Model.BodyMass.ToArray().Index().Sum(m => m.Item * task.Data.BodyCentresOfMass[3 * m.Index])
            / task.Model.BodyMass.ToArray().Sum();

        internal double Body(int body, int axis) => bodies[(3 * body) + axis];

        internal double Distance(string first, string second)
        {
            (int a, int b) = (task.Model.BodyId(first), task.Model.BodyId(second));
            return Math.Sqrt(Enumerable.Range(0, 3).Sum(axis => Math.Pow(Body(a, axis) - Body(b, axis), 2)));
        }
    }
}
