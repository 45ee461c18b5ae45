using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests;

public sealed class EnvironmentCallsTests
{
    [Fact]
    public void What_an_environment_throws_is_named_and_kept()
    {
        using var broken = new Broken();
        EnvironmentException step = Should.Throw<EnvironmentException>(() => broken.StepGuarded([0], new double[1]));
        step.Message.ShouldBe("Broken-test threw InvalidOperationException in Step: no road");
        step.InnerException.ShouldBeOfType<InvalidOperationException>();
        Should.Throw<EnvironmentException>(() => broken.ResetGuarded(1, new double[1])).Message.ShouldContain("in Reset");
    }

    private sealed class Broken : IEnvironment
    {
        public EnvironmentSpec Spec { get; } = new("Broken-test", null, null);

        public Space ObservationSpace { get; } = new BoxSpace(1, -1, 1);

        public Space ActionSpace { get; } = new DiscreteSpace(2);

        public void Reset(ulong? seed, Span<double> observation) => throw new InvalidOperationException("no road");

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => throw new InvalidOperationException("no road");

        public void Save(StateWriter writer)
        {
        }

        public void Load(StateReader reader)
        {
        }

        public void Dispose()
        {
        }
    }
}
