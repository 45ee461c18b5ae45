using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Support;

/// <summary>Environments with one fault each, named by it. Every one keeps the rest of the contract.</summary>
internal static class FaultyWalks
{
    public sealed class SpaceGrowsAtReset : Walk
    {
        private int resets;

        public override Space ObservationSpace => new BoxSpace(2, -2 - resets, 2 + resets);

        protected override void OnReset() => resets++;
    }

    public sealed class ActionSpaceContainsNaN : Walk
    {
        private static readonly BoxSpace Box = new(1, -1, 1);

        public override Space ActionSpace { get; } = new Lax();

        protected override void Refuse(ReadOnlySpan<double> action)
        {
            base.Refuse(action);
            if (!Box.Contains(action))
            {
                throw EnvironmentException.InvalidAction(Spec.Id, Box, action);
            }
        }

        private sealed class Lax : Space
        {
            public override int Size => 1;

            public override bool Contains(ReadOnlySpan<double> element) => element.Length == 1 && !(element[0] < -1) && !(element[0] > 1);

            public override void Sample(RandomStream random, Span<double> element) => Box.Sample(random, element);
        }
    }

    public sealed class SamplesLieOutside : Walk
    {
        public override Space ActionSpace { get; } = new Wide();

        protected override void Refuse(ReadOnlySpan<double> action)
        {
            if (!Running || action.Length != 1 || !double.IsFinite(action[0]))
            {
                throw new EnvironmentException("refused");
            }
        }

        private sealed class Wide : Space
        {
            public override int Size => 1;

            public override bool Contains(ReadOnlySpan<double> element) => element.Length == 1 && element[0] >= -0.5 && element[0] <= 0.5;

            public override void Sample(RandomStream random, Span<double> element) => element[0] = random.NextUniform(-1, 1);
        }
    }

    public sealed class RefusesValidActions : Walk
    {
        protected override void Refuse(ReadOnlySpan<double> action)
        {
            base.Refuse(action);
            if (action[0] > 0.95)
            {
                throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
            }
        }
    }

    public sealed class EndsWithoutSayingSo : Walk
    {
        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            StepResult result = base.Step(action, observation);
            return result with { Terminated = false };
        }
    }

    public sealed class LeavesTheObservationSpace : Walk
    {
        protected override void Observe(Span<double> observation)
        {
            base.Observe(observation);
            observation[1] = StepsTaken == 5 ? 2.5 : observation[1];
        }
    }

    public sealed class ForgetsAnObservationEntry : Walk
    {
        protected override void Observe(Span<double> observation) => observation[0] = Position;
    }

    public sealed class RewardIsNaN : Walk
    {
        protected override double Reward() => StepsTaken == 3 ? double.NaN : 1;
    }

    public sealed class KeepsAWindOverSeededResets : Walk
    {
        private long resets;

        protected override double Gain => 0.3 + (0.001 * resets);

        public override void Save(StateWriter writer)
        {
            base.Save(writer);
            writer.Write("resets", resets);
        }

        public override void Load(StateReader reader)
        {
            base.Load(reader);
            resets = reader.ReadInt64("resets");
        }

        protected override void OnReset() => resets++;
    }

    public sealed class IgnoresTheSeed : Walk
    {
        protected override void Seed(ulong? seed) => base.Seed(seed is null ? null : 5UL);
    }

    public sealed class DiffersBetweenInstances : Walk
    {
        private static int instances;
        private double gain = 0.3 + (0.001 * Interlocked.Increment(ref instances));

        protected override double Gain => gain;

        public override void Save(StateWriter writer)
        {
            base.Save(writer);
            writer.Write("gain", gain);
        }

        public override void Load(StateReader reader)
        {
            base.Load(reader);
            gain = reader.ReadDouble("gain");
        }

        // Compared with another instance after a refused action, where equal gains are expected.
        protected override double Force(ReadOnlySpan<double> action) => StepsTaken == 0 ? 0 : action[0];
    }

    public sealed class RepeatsTheEpisodeWithoutSeed : Walk
    {
        private ulong last;

        public override void Save(StateWriter writer)
        {
            base.Save(writer);
            writer.Write("last", last);
        }

        public override void Load(StateReader reader)
        {
            base.Load(reader);
            last = reader.ReadUInt64("last");
        }

        protected override void Seed(ulong? seed)
        {
            last = seed ?? last;
            base.Seed(last);
        }
    }

    public sealed class StepsPastTheEnd : Walk
    {
        private bool started;

        protected override void OnReset() => started = true;

        public override void Load(StateReader reader)
        {
            base.Load(reader);
            started = true;
        }

        protected override void Refuse(ReadOnlySpan<double> action)
        {
            Running = started;
            base.Refuse(action);
        }
    }

    public sealed class StepsBeforeReset : Walk
    {
        public StepsBeforeReset() => Running = true;
    }

    public sealed class TruncatesOneStepLate : Walk
    {
        protected override bool Cut() => StepsTaken > Limit;
    }

    public sealed class NeverTruncates : Walk
    {
        protected override bool Cut() => false;
    }

    public sealed class TruncatesWithoutLimit : Walk
    {
        public override EnvironmentSpec Spec { get; } = new("Walk", null, null);
    }

    public sealed class ForgetsItsRandomStream : Walk
    {
        public override void Save(StateWriter writer)
        {
            writer.Write("position", Position);
            writer.Write("steps", StepsTaken);
            writer.Write("running", Running);
        }

        public override void Load(StateReader reader)
        {
            Position = reader.ReadDouble("position");
            StepsTaken = reader.ReadInt64("steps");
            Running = reader.ReadBoolean("running");
        }
    }

    public sealed class ForgetsItsMomentum : Walk
    {
        private double momentum;

        public override void Load(StateReader reader)
        {
            base.Load(reader);
            momentum = 0;
        }

        protected override void OnReset() => momentum = 0;

        protected override double Force(ReadOnlySpan<double> action) => momentum = (0.5 * momentum) + action[0];
    }

    public sealed class ForgetsThatItEnded : Walk
    {
        public override void Load(StateReader reader)
        {
            base.Load(reader);
            Running = true;
        }
    }

    public sealed class TakesNaNAsZero : Walk
    {
        protected override void Refuse(ReadOnlySpan<double> action)
        {
            if (action.Length != 1 || !double.IsNaN(action[0]) || !Running)
            {
                base.Refuse(action);
            }
        }

        protected override double Force(ReadOnlySpan<double> action) => double.IsNaN(action[0]) ? 0 : action[0];
    }

    public sealed class DrawsBeforeRefusing : Walk
    {
        protected override void Refuse(ReadOnlySpan<double> action)
        {
            if (Running && !ActionSpace.Contains(action))
            {
                Random.NextUInt64();
            }

            base.Refuse(action);
        }
    }

    public sealed class RoundsDiscreteActions : Walk
    {
        public override Space ActionSpace { get; } = new DiscreteSpace(2);

        protected override void Refuse(ReadOnlySpan<double> action)
        {
            if (!Running || action.Length != 1 || !double.IsFinite(action[0]))
            {
                throw new EnvironmentException("refused");
            }
        }

        protected override double Force(ReadOnlySpan<double> action) => Math.Round(action[0]) - 0.5;
    }

    public sealed class AnswersBadActionsWithAnIndexError : Walk
    {
        protected override void Refuse(ReadOnlySpan<double> action)
        {
            if (Running && action.Length == 0)
            {
                throw new InvalidCastException("no element");
            }

            base.Refuse(action);
        }
    }

    public sealed class Allocates : Walk
    {
        protected override double Reward() => new double[8].Length;
    }

    public sealed class DisposesOnlyOnce : Walk
    {
        private bool disposed;

        public override void Dispose()
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            disposed = true;
        }
    }

    public sealed class FailsToSave : Walk
    {
        public override void Save(StateWriter writer) => throw new NotSupportedException("cannot save");
    }

    public sealed class ClaimsToBeDeterministic : Walk
    {
        public override EnvironmentSpec Spec { get; } = new("Walk", Limit, null) { Deterministic = true };
    }
}
