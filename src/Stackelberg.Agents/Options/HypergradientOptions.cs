namespace Stackelberg.Agents;

/// <summary>Who anticipates whom.</summary>
public enum Leader
{
    /// <summary>Nobody: both take their own gradient.</summary>
    None,

    /// <summary>The actor anticipates the critic's response.</summary>
    Actor,

    /// <summary>The critic anticipates the actor's response.</summary>
    Critic,
}

/// <summary>What stands for the follower's second derivative.</summary>
public enum Curvature
{
    /// <summary>The exact Hessian.</summary>
    Hessian,

    /// <summary>The Gauss-Newton matrix, positive semidefinite.</summary>
    GaussNewton,
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

/// <summary>How the leader's implicit gradient −(∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁ is computed.</summary>
public record HypergradientOptions
{
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

    /// <summary>Start each solve from the last solution.</summary>
    [Option("Start each solve from the last solution.")]
    public bool WarmStart { get; init; }

    /// <summary>The guard against useless solutions.</summary>
    [Option("When a solve has a relative residual above 1, or multiplies the direct gradient by less than 0 or more than 5, use the Gauss-Newton curvature instead and count it.")]
    public bool Guard { get; init; } = true;

    /// <summary>Rank of Nyström approximations.</summary>
    [Option("Rank of Nyström approximations.", Minimum = 1)]
    public int Rank { get; init; } = 5;

    /// <summary>Block side.</summary>
    [Option("Side of the blocks of the block-diagonal solver, the degree o.", Minimum = 1, Maximum = 8192)]
    public int Degree { get; init; } = 1;
}
