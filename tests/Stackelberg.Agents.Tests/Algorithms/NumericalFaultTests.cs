using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class NumericalFaultTests
{
    [Fact]
    public void Divergence_is_named_in_the_iteration_in_which_it_arises()
    {
        AcOptions options = Learners.Small().Led(LeaderRole.None);
        options = options with { Critic = options.Critic with { Optimiser = OptimiserKind.Sgd, LearningRate = 1e200, Updates = 3 } };
        using ActorCritic<double> stac = Learners.Create(options);
        NumericalException exception = Should.Throw<NumericalException>(() => stac.Iterate(60, new RecordingSink()));
        exception.Message.ShouldContain("critic");
        exception.Message.ShouldContain("iteration 1");
        exception.Message.ShouldContain("critic.learning_rate");
    }
}
