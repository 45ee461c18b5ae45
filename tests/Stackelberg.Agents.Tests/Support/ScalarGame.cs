using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>
/// f₁ = ½ a x² + b x y + c y and f₂ = ½ q y² + p x y + d y of two numbers that players own. It is as strict as the interface allows: it answers for the
/// point it was linearised at, wherever the players have gone since, and with NaN to what was not asked for there.
/// </summary>
internal sealed class ScalarGame : IDifferentiableBilevelProblem<double>
{
    public const double A = 1.2, B = -0.7, C = 0.5, Q = 1.5, P = 0.4, D = -0.3;

    private static readonly ParameterLayout Layout = new([("number", 1, 1)]);
    private readonly ILinearOperator<double> hessian, gaussNewton;
    private readonly double[] leader, follower;
    private Derivatives known;
    private double x, y;

    public ScalarGame(NetworkOptions first, NetworkOptions second, double? polyak = null, int firstDelay = 1, int secondDelay = 1, int trackingDelay = 1)
    {
        First = new Player<double>("first", Layout, Vector(1.0), first, polyak) { Delay = firstDelay, TrackingDelay = trackingDelay };
        Second = new Player<double>("second", Layout, Vector(-0.5), second, polyak) { Delay = secondDelay, TrackingDelay = trackingDelay };
        (leader, follower) = (new double[Layout.Length], new double[Layout.Length]);
        hessian = Curved(() => Hessian);
        gaussNewton = Curved(() => GaussNewton);

        DelegateOperator<double> Curved(Func<double> value) => new(
            Layout.Length, Layout.Coordinates, OperatorProperties.Symmetric, (v, result) => Write(result, Known(Derivatives.Implicit, value() * v[0])));
    }

    /// <summary>What the game says its Hessian is: q, unless a test lets it be wrong.</summary>
    public double Hessian { get; set; } = Q;

    /// <summary>The same of its Gauss-Newton curvature.</summary>
    public double GaussNewton { get; set; } = Q;

    public Player<double> First { get; }

    public Player<double> Second { get; }

    /// <summary>The follower's target, whenever a mixed product was taken.</summary>
    public List<double> TargetsAtMixedProducts { get; } = [];

    /// <summary>The follower's target, whenever f₂ was asked for.</summary>
    public List<double> TargetsAtFollowerLosses { get; } = [];

    public double X => First.Parameters[0];

    public double Y => Second.Parameters[0];

    public int LeaderDimension => Layout.Length;

    public int FollowerDimension => Layout.Length;

    public CoordinateMap LeaderCoordinates => Layout.Coordinates;

    public ReadOnlySpan<double> Leader
    {
        get
        {
            First.Parameters.Span.CopyTo(leader);
            return leader;
        }
    }

    public ReadOnlySpan<double> Follower
    {
        get
        {
            Second.Parameters.Span.CopyTo(follower);
            return follower;
        }
    }

    public static NetworkOptions Sgd(double rate) => new() { Optimiser = OptimiserKind.Sgd, LearningRate = rate };

    public static double F1(double x, double y) => (0.5 * A * x * x) + (B * x * y) + (C * y);

    public static double F2(double x, double y) => (0.5 * Q * y * y) + (P * x * y) + (D * y);

    /// <summary>∂₁f₁</summary>
    public static double Direct(double x, double y) => (A * x) + (B * y);

    /// <summary>−(∂₁₂f₂)(∂₂₂f₂ + λ)⁻¹ ∂₂f₁</summary>
    public static double Implicit(double x, double damping) => -P * ((B * x) + C) / (Q + damping);

    /// <summary>∂₂f₂</summary>
    public static double Descent(double x, double y) => (Q * y) + (P * x) + D;

    public void Linearise(Derivatives needs = Derivatives.All) => (known, x, y) = (needs, X, Y);

    public void MoveTo(ReadOnlySpan<double> leader, ReadOnlySpan<double> follower)
    {
        leader.CopyTo(First.Parameters.Span);
        follower.CopyTo(Second.Parameters.Span);
        Linearise(Derivatives.Direct | Derivatives.Implicit);
    }

    public double LeaderLoss() => F1(x, y);

    public double FollowerLoss()
    {
        TargetsAtFollowerLosses.Add(Second.HasTarget ? Second.Target[0] : double.NaN);
        return F2(x, y);
    }

    public double DirectGradient(Span<double> result)
    {
        Write(result, Known(Derivatives.Direct, Direct(x, y)));
        return F1(x, y);
    }

    public void RightHandSide(Span<double> result) => Write(result, Known(Derivatives.Implicit, (B * x) + C));

    public ILinearOperator<double> FollowerCurvature(Curvature kind) => kind == Curvature.Hessian ? hessian : gaussNewton;

    public void MixedProduct(ReadOnlySpan<double> v, Span<double> result)
    {
        TargetsAtMixedProducts.Add(Second.HasTarget ? Second.Target[0] : double.NaN);
        Write(result, Known(Derivatives.Implicit, P * v[0]));
    }

    public void FollowerGradient(Span<double> result) => Write(result, Known(Derivatives.Implicit, Descent(x, y)));

    public double FollowerDescent(Span<double> result)
    {
        Write(result, Known(Derivatives.Descent, Descent(x, y)));
        return F2(x, y);
    }

    public void FollowerLossLeaderGradient(Span<double> result) => Write(result, Known(Derivatives.Implicit, P * y));

    private static FlatVector<double> Vector(double value) => new(Layout.Length) { [0] = value };

    private static void Write(Span<double> result, double value)
    {
        result.Clear();
        result[0] = value;
    }

    private double Known(Derivatives derivative, double value) => (known & derivative) != 0 ? value : double.NaN;
}
