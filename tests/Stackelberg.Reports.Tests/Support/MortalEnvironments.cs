using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Reports.Tests.Support;

/// <summary>Makes this assembly a plug-in: CartPole in a world that can end.</summary>
public sealed class MortalEnvironments : IEnvironmentPlugin
{
    /// <summary>Variable that says at which step of an environment its process is killed.</summary>
    public const string Variable = "STACKELBERG_TEST_LAST_STEP";

    public static string Plugin => typeof(MortalEnvironments).Assembly.Location;

    public void Register(EnvironmentCatalogue catalogue)
    {
        EnvironmentCatalogue own = new();
        ClassicControl.Register(own);
        EnvironmentSpec spec = new("Mortal-v0", 500, null) { Description = "CartPole; the process is killed at a step that a variable names." };
        long last = long.TryParse(Environment.GetEnvironmentVariable(Variable), out long step) ? step : -1;
        catalogue.Add(spec, () => new Mortal(spec, own.Make("CartPole-v1"), last));
    }

    private sealed class Mortal(EnvironmentSpec spec, IEnvironment inner, long last) : IEnvironment
    {
        private long steps;

        public EnvironmentSpec Spec => spec;

        public Space ObservationSpace => inner.ObservationSpace;

        public Space ActionSpace => inner.ActionSpace;

        public void Reset(ulong? seed, Span<double> observation) => inner.Reset(seed, observation);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            if (++steps == last)
            {
                using var self = System.Diagnostics.Process.GetCurrentProcess();
                self.Kill();
            }

            return inner.Step(action, observation);
        }

        public void Save(StateWriter writer) => inner.Save(writer);

        public void Load(StateReader reader) => inner.Load(reader);

        public void Dispose() => inner.Dispose();
    }
}
