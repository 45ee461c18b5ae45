using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>
/// What CleanRL's sac_continuous_action.py (commit fe8d8a03) computes on an action range that is not ±1, by hand: its log-probability takes
/// log(action_scale (1 − tanh² u)) off a Gaussian's, its target entropy is −(numbers per action), and at every second update the actor steps twice.
/// </summary>
public sealed class SacCleanRlTests
{
    // Humanoid's range and one that is not symmetric
    private static readonly BoxSpace Actions = new([-0.4, 1.0], [0.4, 7.0]);
    private static readonly double LogScale = Math.Log(0.4) + Math.Log(3.0);

    [Fact]
    public void Temperature_is_tuned_towards_minus_the_numbers_per_action_in_units_of_the_action()
    {
        SacOptions options = Options(delay: 1);
        using var sac = new Sac<double>(Context(), options);
        using var twin = new Sac<double>(Context(), options);
        NoiseBlocks noise = SacLearners.Noise(twin);
        var sink = new RecordingSink();
        sac.Iterate(500, sink);

        // the target's draws come first, the actor's second
        _ = Enumerable.Range(0, sac.Batch().Rows).Select(i => SacLearners.Draw(twin, sac.Batch().NextObservations.Row(i).ToArray(), noise)).ToArray();
        double entropy = -Enumerable.Range(0, sac.Batch().Rows).Average(i => SacLearners.Draw(twin, sac.Batch().Observations.Row(i).ToArray(), noise).LogProbability - LogScale);
        sink.Metrics["actor/entropy_before"].ShouldBe(entropy, 1e-11);

        // alpha_loss = (−exp(log_alpha) (log_pi + target_entropy)).mean() at log_alpha = 0; Adam's first moment is a tenth of the gradient
        FirstMoment(sac).ShouldBe(0.1 * (entropy - -2), 1e-11);
    }

    [Fact]
    public void Targets_weigh_the_log_probability_in_units_of_the_action()
    {
        using Sac<double> sac = new(Context(), Options(delay: 1) with { Autotune = false, Temperature = 0.3 });
        sac.Replay.Collect(500, new RecordingSink());
        sac.Replay.Sample();
        sac.TakeTargets();
        NoiseBlocks noise = SacLearners.Noise(sac);
        for (int i = 0; i < sac.Batch().Rows; i++)
        {
            double[] next = sac.Batch().NextObservations.Row(i).ToArray();
            (double[] unit, double logProbability) = SacLearners.Draw(sac, next, noise);
            double[] input = [.. next, 0.4 * unit[0], 4 + (3 * unit[1])];
            double q = sac.Critics().Min(c => SacLearners.Value(sac.CriticLayout(), c.Target, input));
            double value = q - (0.3 * (logProbability - LogScale));
            sac.Objectives.Targets[i].ShouldBe(sac.Batch().Rewards[i] + (0.99 * sac.Batch().Continues[i] * value), 1e-11);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(2, 2, 2)]
    [InlineData(2, 5, 4)]
    [InlineData(3, 7, 6)]
    public void Actor_and_temperature_take_their_steps_together_as_many_as_updates_went_by(int delay, int updates, int steps)
    {
        using var sac = new Sac<double>(Context(), Options(delay) with { Updates = updates });
        double[] before = sac.Actor().Parameters.Span.ToArray();
        sac.Iterate(500, new RecordingSink());
        MemoryState state = MemoryState.Of(sac);
        state.Reader.Group("actor").Group("optimiser").ReadInt64("steps").ShouldBe(steps);
        state.Reader.Group("temperature").Group("optimiser").ReadInt64("steps").ShouldBe(steps);
        state.Reader.Group("critic").Group("optimiser").ReadInt64("steps").ShouldBe(updates);
        sac.Actor().Parameters.Span.SequenceEqual(before).ShouldBe(steps == 0);
    }

    [Fact]
    public void Second_step_of_the_actor_is_on_fresh_draws_of_the_same_batch_at_the_moved_actor_and_temperature()
    {
        SacOptions options = Options(delay: 2) with { Updates = 2 };
        using var sac = new Sac<double>(Context(), options);
        sac.Iterate(500, new RecordingSink());
        double[] last = sac.Objectives.Actor.Gradient.Span.ToArray();

        // undo the last step of the actor and the temperature by playing all but it: two updates with the actor's second step left out
        using var twin = new Sac<double>(Context(), options);
        twin.Replay.Collect(500, new RecordingSink());
        for (int update = 0; update < 2; update++)
        {
            twin.Replay.Sample();
            twin.Play();
        }

        double temperature = Math.Exp(-0.001 * Math.Sign(-MeanLog(twin) + 2));
        double[] gradient = new double[last.Length];
        twin.Objectives.Linearise(Asked.ActorGradient);
        twin.Objectives.ActorGradient(gradient);
        temperature.ShouldBeInRange(0.998, 1.002);

        // only α differs, by a thousandth
        Learners.RelativeError(last, gradient).ShouldBeLessThan(3e-3);
        Learners.RelativeError(last, twin.Objectives.Actor.Gradient.Span.ToArray()).ShouldBeGreaterThan(3e-3);
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        Should.Throw<NotSupportedException>(() => new Sac<double>(Context(), Options(delay: 2) with { Leading = new() { Leader = LeaderRole.Actor } })).Message.ShouldStartWith("policy_delay");
        AlgorithmContext flat = new(new Drift(discrete: false, 30) { ActionSpace = new BoxSpace([-1.0, 2], [1.0, 2]) }, RandomStream.FromSeed(5), 10_000, 1);
        Should.Throw<NotSupportedException>(() => new Sac<double>(flat, Options(delay: 1))).Message.ShouldContain("entropy_units=half-range");
    }

    private static SacOptions Options(int delay) => SacLearners.Small(new SacOptions()) with
    {
        Temperature = 1,
        Autotune = true,
        TargetEntropy = -1,
        EntropyUnits = ActionUnits.Action,
        PolicyDelay = delay,
        LearningStarts = 500,
        UpdateAfter = 500,
        UpdateEvery = 500,
        Updates = 1,
    };

    private static AlgorithmContext Context() => new(new Drift(discrete: false, 30) { ActionSpace = Actions }, RandomStream.FromSeed(5), 10_000, 1);

    private static double MeanLog(Sac<double> sac) => -sac.Objectives.MeanEntropy();

    private static double FirstMoment(Sac<double> sac)
    {
        double[] moment = new double[1];
        MemoryState.Of(sac).Reader.Group("temperature").Group("optimiser").ReadArray("first_moment", moment);
        return moment[0];
    }
}
