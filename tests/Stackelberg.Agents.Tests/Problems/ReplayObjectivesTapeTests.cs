using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>The closed first-order products against double backward on the tape, which shares no code with them.</summary>
public sealed class ReplayObjectivesTapeTests
{
    public static TheoryData<string, FollowerLoss, Activation> Cases
    {
        get
        {
            var data = new TheoryData<string, FollowerLoss, Activation>();
            foreach (string id in (string[])["st-ddpg", "std3-cg"])
            {
                foreach (FollowerLoss loss in Enum.GetValues<FollowerLoss>())
                {
                    data.Add(id, loss, Activation.Tanh);
                    data.Add(id, loss, Activation.Relu);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_actors_mixed_product_equals_double_backward(string id, FollowerLoss loss, Activation activation)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Actor, loss, activation);
        IBilevelProblem<double> problem = game.Problem;
        double[] v = OffPolicyGame.Direction(problem.FollowerCurvature(Curvature.Hessian).Coordinates, problem.FollowerDimension, 7);
        double[] actual = new double[problem.LeaderDimension];
        game.Linearise();
        problem.MixedProduct(v, actual);
        var tape = new OffPolicyTape(game);
        double[] expected = tape.MixedProductOfActor(loss == FollowerLoss.Bellman ? tape.BellmanLoss : tape.PolicyLoss, v);
        Vectors.Norm<double>(expected).ShouldBeGreaterThan(1e-6);
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_critics_mixed_product_and_its_followers_Hessian_equal_double_backward(string id, FollowerLoss loss, Activation activation)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Critic, loss, activation);
        IBilevelProblem<double> problem = game.Problem;
        double[] v = OffPolicyGame.Direction(problem.FollowerCurvature(Curvature.Hessian).Coordinates, problem.FollowerDimension, 8);
        double[] mixed = new double[problem.LeaderDimension], hessian = new double[v.Length];
        game.Linearise();
        problem.MixedProduct(v, mixed);
        problem.FollowerCurvature(Curvature.Hessian).Multiply(v, hessian);
        var tape = new OffPolicyTape(game);
        double[] expected = tape.MixedProductOfCritic(tape.ActorLoss, v);
        Learners.RelativeError(mixed.AsSpan(0, expected.Length), expected).ShouldBeLessThan(1e-10);
        // the actor's loss does not see TD3's second critic
        mixed.AsSpan(expected.Length).ContainsAnyExcept(0.0).ShouldBeFalse();
        Learners.RelativeError(hessian, tape.HessianOfActor(tape.ActorLoss, v)).ShouldBeLessThan(1e-10);
    }

    private static OffPolicyGame Game(string id, LeaderRole leader, FollowerLoss loss, Activation activation)
    {
        OffPolicyGame game = OffPolicyGame.Of(id, options =>
        {
            OffPolicyOptions chosen = OffPolicyStackelberg.With(options, leader, loss) with
            {
                Actor = OffPolicyGame.Network with { Activation = activation },
                Critic = OffPolicyGame.Network with { Activation = activation },
                TargetPolicy = TargetPolicy.Current,
            };
            return chosen is Td3Options td3 ? td3 with { TargetNoise = 0 } : chosen;
        });
        return game;
    }
}
