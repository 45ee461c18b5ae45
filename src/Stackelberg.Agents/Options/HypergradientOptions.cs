using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>How the leader's total derivative, or what stands for it, is computed.</summary>
public enum HypergradientMethod
{
    /// <summary>By the implicit function theorem: D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁.</summary>
    Implicit,

    /// <summary>Through <see cref="HypergradientOptions.UnrollSteps"/> gradient steps of the follower.</summary>
    Unrolled,

    /// <summary>Through one gradient step, its mixed product by a difference of first derivatives (Liu, Simonyan and Yang 2019).</summary>
    Darts,

    /// <summary>The direct gradient ∂₁f₁ alone: the leader moves as one, but takes the follower as fixed.</summary>
    FirstOrder,
}

/// <summary>What conjugate gradients do when they meet a direction of non-positive curvature.</summary>
public enum NegativeCurvature
{
    /// <summary>Go on with the recurrence, which is no longer a minimisation.</summary>
    Continue,

    /// <summary>Stop with what was reached before.</summary>
    Stop,
}

/// <summary>How the damping changes over training.</summary>
public enum DampingKind
{
    /// <summary>λ throughout.</summary>
    Fixed,

    /// <summary>λ exp(−t / decay), t in environment steps.</summary>
    Exponential,

    /// <summary>Levenberg-Marquardt: moved by the ratio of actual to predicted reduction of the follower's loss.</summary>
    Adaptive,
}

/// <summary>How the bound on the implicit term changes over training.</summary>
public enum BoundSchedule
{
    /// <summary>The same throughout.</summary>
    Constant,

    /// <summary>bound · (final bound / bound)^√p, p the share of the planned environment steps that is done (BLPO's <c>anneal</c>).</summary>
    Annealed,
}

/// <summary>What takes the place of the implicit term after it was computed, so that its direction or its length alone can be judged.</summary>
public enum HypergradientControl
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An isotropic Gaussian direction of the length that the bounded term has: its length without its direction.</summary>
    RandomDirection,

    /// <summary>The direct gradient, scaled to the length of the total derivative: a learning rate.</summary>
    Rate,
}

/// <summary>What the outer products of a Gauss-Newton curvature are made of.</summary>
public enum OuterProduct
{
    /// <summary>Each transition's gradient: mean of gᵢgᵢᵀ, FSDDPG's equations 5 to 7.</summary>
    PerSample,

    /// <summary>The batch's mean gradient: ḡḡᵀ, FSDDPG's listing in appendix I.</summary>
    OfMeans,
}

/// <summary>How the leader's gradient is computed: the same choices for every method.</summary>
public sealed record HypergradientOptions
{
    /// <summary>Method.</summary>
    [Option("How the follower's response is differentiated; all keys below but unroll_* and log_every belong to implicit.")]
    public HypergradientMethod Method { get; init; } = HypergradientMethod.Implicit;

    /// <summary>Linear solver.</summary>
    [Option("Linear solver.", ChoicesFrom = typeof(SolverNames))]
    public string Solver { get; init; } = "cg";

    /// <summary>Budget of iterative solvers.</summary>
    [Option("Iterations of iterative solvers.", Minimum = 1)]
    public int Iterations { get; init; } = 10;

    /// <summary>Relative residual at which iterative solvers stop.</summary>
    [Option("Relative residual at which iterative solvers stop.", Minimum = 0, Maximum = 1, ExclusiveMaximum = true)]
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Curvature.</summary>
    [Option("What stands for the follower's second derivative.")]
    public Curvature Curvature { get; init; } = Curvature.Hessian;

    /// <summary>What conjugate gradients do on an indefinite curvature.</summary>
    [Option("What solver=cg does where the curvature is negative: go on, as the released code does, or stop there, as pcg and nystrom-pcg always do.")]
    public NegativeCurvature NegativeCurvature { get; init; } = NegativeCurvature.Continue;

    /// <summary>λ</summary>
    [Option("Damping λ added to the curvature's diagonal.", Minimum = 0, Maximum = 1e30)]
    public double Damping { get; init; }

    /// <summary>Damping schedule.</summary>
    [Option("How the damping changes over training.")]
    public DampingKind DampingSchedule { get; init; } = DampingKind.Fixed;

    /// <summary>Time constant of the exponential schedule.</summary>
    [Option("Environment steps after which exponential damping has fallen to 1/e.", Minimum = 0, ExclusiveMinimum = true)]
    public double DampingDecay { get; init; } = 1e5;

    /// <summary>Bound on the implicit term.</summary>
    [Option("Largest norm of the implicit term as a multiple of the direct gradient's; infinity for none.", Minimum = 0)]
    public double Bound { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the bound scales up too.</summary>
    [Option("Whether the bound is the largest norm of the implicit term, or the norm it is always scaled to, up as well as down.")]
    public BoundKind BoundKind { get; init; } = BoundKind.AtMost;

    /// <summary>Schedule of the bound.</summary>
    [Option("How the bound changes over training: annealed goes from bound to final_bound with the square root of the steps done.")]
    public BoundSchedule BoundSchedule { get; init; } = BoundSchedule.Constant;

    /// <summary>Bound at the end.</summary>
    [Option("The bound at the planned end of training with bound_schedule=annealed.", Minimum = 0, ExclusiveMinimum = true)]
    public double FinalBound { get; init; } = 0.15;

    /// <summary>Start each solve from the last solution.</summary>
    [Option("Start each solve from the last solution.")]
    public bool WarmStart { get; init; }

    /// <summary>The guard against useless solutions.</summary>
    [Option("When a solve has a relative residual above 1, or multiplies the direct gradient by less than 0 or more than 5, use the Gauss-Newton curvature instead and count it.")]
    public bool Guard { get; init; } = true;

    /// <summary>Rank of Nyström approximations.</summary>
    [Option("Rank of Nyström approximations.", Minimum = 1)]
    public int Rank { get; init; } = 5;

    /// <summary>ρ of Nyström approximations.</summary>
    [Option("Shift ρ of the low-rank inverse in nystrom, nystrom-pcg and nystrom-released; 0 for the damping λ.", Minimum = 0, Maximum = 1e30)]
    public double Rho { get; init; }

    /// <summary>How columns of Nyström approximations are drawn.</summary>
    [Option("How columns of Nyström approximations are drawn: fresh per solve, fixed for the run, or gauss-newton: by the fourth power of its diagonal, with replacement.")]
    public NystromColumns Columns { get; init; } = NystromColumns.Fresh;

    /// <summary>Block side.</summary>
    [Option("Side of the blocks of the block-diagonal solver, the degree o.", Minimum = 1, Maximum = 8192)]
    public int Degree { get; init; } = 1;

    /// <summary>Outer products.</summary>
    [Option("What outer products of the Gauss-Newton curvature and of its mixed product are made of; of-means is for a follower with the policy's loss.")]
    public OuterProduct OuterProduct { get; init; } = OuterProduct.PerSample;

    /// <summary>Keep the terms with the critic's error.</summary>
    [Option("Whether the mixed product keeps its terms with the critic's error Q - y (only of a follower with the policy's loss); FSDDPG drops them.")]
    public bool ErrorTerms { get; init; } = true;

    /// <summary>Sign.</summary>
    [Option("Sign of the implicit term: minus is the total derivative, plus what FSDDPG's listing does.")]
    public ImplicitSign Sign { get; init; } = ImplicitSign.Minus;

    /// <summary>Control experiment.</summary>
    [Option("Control experiment: in place of the implicit term, random-direction of its norm, or rate: the direct gradient with the norm of the total derivative.")]
    public HypergradientControl Control { get; init; } = HypergradientControl.None;

    /// <summary>Follower's steps that are differentiated.</summary>
    [Option("Gradient steps of the follower that method=unrolled differentiates; the trained follower does not take them.", Minimum = 1, Maximum = 10_000)]
    public int UnrollSteps { get; init; } = 5;

    /// <summary>Step size of the differentiated steps.</summary>
    [Option("Step size of the follower's steps that method=unrolled or darts differentiates.", Minimum = 0, ExclusiveMinimum = true)]
    public double UnrollLearningRate { get; init; } = 0.01;

    /// <summary>Rows of hypergradient.csv.</summary>
    [Option("Every how many leader updates one is logged to hypergradient.csv; the true residual is computed for these.", Minimum = 1, Maximum = 1e9)]
    public int LogEvery { get; init; } = 1;
}
