using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>What the total derivative must be in closed form.</summary>
public sealed class ActorCriticLeaderTests
{
    [Theory]
    [InlineData(ActorCriticForm.Official, "cg", Curvature.Hessian)]
    [InlineData(ActorCriticForm.Official, "cg", Curvature.GaussNewton)]
    [InlineData(ActorCriticForm.Paper, "cg", Curvature.Hessian)]
    public void An_exact_undamped_solve_doubles_the_policy_gradient_of_a_value_critic(
        ActorCriticForm form, string solver, Curvature curvature)
    {
        // V is additive in its output bias e, so x = −e/2 solves the system and every first observation has ∇V·x = −1/2
        AcOptions options = Learners.Small(form);
        options = options.Changed(o => o with { Solver = solver, Curvature = curvature });
        using ActorCritic<double> stac = Learners.Prepared(options);
        double[] direct = Learners.Direct(stac).Span.ToArray();
        double[] doubled = [.. direct.Select(g => 2 * g)];

        Learners.RelativeError(Learners.Gradient(stac).Span, doubled).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Infinite_damping_gives_the_gradient_of_actor_critic(bool discrete)
    {
        foreach (ActorCriticForm form in Enum.GetValues<ActorCriticForm>())
        {
            AcOptions options = Learners.Small(form);
            options = options.Changed(o => o with { Damping = 1e14 });
            using ActorCritic<double> stac = Learners.Prepared(options, discrete);
            double[] direct = Learners.Direct(stac).Span.ToArray();
            Learners.RelativeError(Learners.Gradient(stac).Span, direct).ShouldBeLessThan(1e-11, form.ToString());
        }
    }

    [Fact]
    public void Damping_of_the_order_of_the_curvature_gives_something_between_once_and_twice_the_gradient()
    {
        AcOptions options = Learners.Small();
        options = options.Changed(o => o with { Curvature = Curvature.GaussNewton, Damping = 1 });
        using ActorCritic<double> stac = Learners.Prepared(options);
        double[] direct = Learners.Direct(stac).Span.ToArray();
        double multiplier = Learners.Gradient(stac).Span[0] / direct[0];
        multiplier.ShouldBeInRange(1.2, 1.999);
    }

    [Fact]
    public void Without_a_leader_the_learner_is_actor_critic_bit_for_bit()
    {
        using ActorCritic<double> stac = Of("stac"), baseline = Of("ac");
        for (int i = 0; i < 3; i++)
        {
            stac.Iterate(60, new RecordingSink());
            baseline.Iterate(60, new RecordingSink());
        }

        stac.Actor().Parameters.Span.ToArray().ShouldBe(baseline.Actor().Parameters.Span.ToArray());
        stac.Values.Parameters.Span.ToArray().ShouldBe(baseline.Values.Parameters.Span.ToArray());
        MemoryState.Of(stac).FirstDifference(MemoryState.Of(baseline)).ShouldBeNull();

        static ActorCritic<double> Of(string id)
        {
            AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
            AcOptions small = Learners.Small(), options = (AcOptions)descriptor.CreateOptions() with
            {
                Precision = small.Precision,
                StepsPerIteration = small.StepsPerIteration,
                Actor = small.Actor,
                Critic = small.Critic,
            };
            options = id == "stac" ? options.Led(LeaderRole.None) : options;
            return (ActorCritic<double>)descriptor.Create(new AlgorithmContext(new Drift(true, 11), RandomStream.FromSeed(5), 100_000, 1), options);
        }
    }

    [Fact]
    public void The_paper_forms_are_not_collinear_with_the_policy_gradient_before_the_solve_has_converged()
    {
        AcOptions options = Learners.Small(ActorCriticForm.Paper);
        options = options.Changed(o => o with { Iterations = 2, Curvature = Curvature.GaussNewton });
        using ActorCritic<double> stac = Learners.Prepared(options);
        double[] direct = Learners.Direct(stac).Span.ToArray();
        double[] total = Learners.Gradient(stac).Span.ToArray();
        Cosine(direct, total).ShouldBeLessThan(1 - 1e-6);

        AcOptions official = Learners.Small();
        official = official.Changed(o => o with { Iterations = 2, Curvature = Curvature.GaussNewton });
        using ActorCritic<double> other = Learners.Prepared(official);
        direct = Learners.Direct(other).Span.ToArray();
        total = Learners.Gradient(other).Span.ToArray();
        Cosine(direct, total).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void The_guard_replaces_a_useless_solve_by_the_Gauss_Newton_one_and_counts_it()
    {
        // one CG iteration on a Hessian with a huge spread of eigenvalues leaves a residual above 1
        AcOptions options = Learners.Small();
        options = options with
        {
            StepsPerIteration = 12,
            Critic = new CriticOptions { Hidden = [8, 8] },
        };
        options = options.Changed(o => o with { Iterations = 10, Tolerance = 0, Guard = true });
        int acted = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            using ActorCritic<double> stac = Learners.Prepared(options, seed: seed);
            var sink = new RecordingSink();
            double[] total = Learners.Gradient(stac, sink).Span.ToArray();
            if (!sink.Reports[0].Guarded)
            {
                continue;
            }

            acted++;
            sink.Reports[0].Dropped.ShouldBeFalse();
            sink.Metrics["hypergradient/guarded_updates"].ShouldBe(1);
            (total[0] / Learners.Direct(stac).Span[0]).ShouldBeInRange(1, 2.5);
        }

        acted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_saved_learner_continues_with_the_same_bits()
    {
        AcOptions options = Learners.Small().Led(LeaderRole.Actor);
        options = options.Changed(o => o with { Iterations = 5, WarmStart = true });
        using ActorCritic<double> first = Learners.Create(options, discrete: false);
        first.Iterate(60, new RecordingSink());
        var memory = MemoryState.Of(first);
        first.Iterate(60, new RecordingSink());

        using ActorCritic<double> second = Learners.Create(options, discrete: false, seed: 99);
        memory.Restore(second);
        second.Iterate(60, new RecordingSink());

        second.Actor().Parameters.Span.ToArray().ShouldBe(first.Actor().Parameters.Span.ToArray());
        second.Values.Parameters.Span.ToArray().ShouldBe(first.Values.Parameters.Span.ToArray());
        second.Steps.ShouldBe(120);
    }

    private static double Cosine(double[] a, double[] b) =>
        Vectors.Dot<double>(a, b) / (Vectors.Norm<double>(a) * Vectors.Norm<double>(b));
}
