using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>The two objectives of a <see cref="TapeProblem{T}"/>, recorded.</summary>
/// <param name="Leader">f₁, [1 × 1].</param>
/// <param name="Follower">f₂, [1 × 1].</param>
public readonly record struct BilevelLosses(Variable Leader, Variable Follower)
{
    /// <summary>
    /// r, [samples × 1], for methods with a Gauss-Newton curvature: (2 / samples) JᵀJ with the Jacobian J of r by the follower, which is the curvature of
    /// mean r² without the second derivatives of r. Left out: the problem has no such curvature.
    /// </summary>
    public Variable? Residuals { get; init; }

    /// <summary>f₁ and f₂ as a pair.</summary>
    public static implicit operator BilevelLosses((Variable Leader, Variable Follower) losses) => new(losses.Leader, losses.Follower);
}

/// <summary>Records f₁ and f₂ at the players' present parameters.</summary>
/// <param name="tape">Fresh; reset before each call.</param>
/// <param name="leader">One variable per tensor of the leader's layout.</param>
/// <param name="follower">One variable per tensor of the follower's layout.</param>
public delegate BilevelLosses RecordLosses<T>(Tape<T> tape, ReadOnlySpan<Variable> leader, ReadOnlySpan<Variable> follower)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// A bilevel problem from two formulas: f₁ and f₂ are recorded on a tape, and every derivative any method asks for is taken from the recording.
/// </summary>
/// <remarks>
/// The formulas see the players' parameters as variables and whatever else they read (batches, noise, targets) as data: wrap what must not be
/// differentiated in <see cref="Tape{T}.StopGradient"/>, or record it as a constant. Recording is repeated at every point, so the formulas may branch on
/// data. Nothing is allocated once the arena has grown.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed partial class TapeProblem<T> : IDifferentiableBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape = new();
    private readonly RecordLosses<T> record;
    private readonly Side leader;
    private readonly Side follower;
    private readonly Variable[] followerGradients;
    private readonly TapeHessian hessian;
    private readonly TapeGaussNewton gaussNewton;
    private BilevelLosses losses;
    private TapeMark recorded;

    /// <summary>Refers to the players' parameters; nothing is recorded before the first <see cref="Linearise"/>.</summary>
    /// <param name="leaderLayout">The tensors of x.</param>
    /// <param name="leaderParameters">x, of the layout's storage length; read at every point, and written by <see cref="MoveTo"/>.</param>
    /// <param name="followerLayout">The tensors of y.</param>
    /// <param name="followerParameters">y, likewise.</param>
    /// <param name="record">The formulas.</param>
    /// <exception cref="ArgumentException">A vector has another length than its layout.</exception>
    public TapeProblem(
        ParameterLayout leaderLayout,
        FlatVector<T> leaderParameters,
        ParameterLayout followerLayout,
        FlatVector<T> followerParameters,
        RecordLosses<T> record)
    {
        ArgumentNullException.ThrowIfNull(record);
        this.record = record;
        leader = new Side(leaderLayout, leaderParameters, nameof(leaderParameters));
        follower = new Side(followerLayout, followerParameters, nameof(followerParameters));
        followerGradients = new Variable[follower.Variables.Length];
        hessian = new TapeHessian(this);
        gaussNewton = new TapeGaussNewton(this);
    }

    /// <inheritdoc/>
    public int LeaderDimension => leader.Layout.Length;

    /// <inheritdoc/>
    public int FollowerDimension => follower.Layout.Length;

    /// <inheritdoc/>
    public CoordinateMap LeaderCoordinates => leader.Layout.Coordinates;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Leader => leader.Parameters.Span;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Follower => follower.Parameters.Span;

    /// <inheritdoc/>
    public void Linearise(Derivatives needs = Derivatives.All)
    {
        tape.Reset();
        tape.Leaves(leader.Layout, leader.Parameters, leader.Variables);
        tape.Leaves(follower.Layout, follower.Parameters, follower.Variables);
        losses = record(tape, leader.Variables, follower.Variables);
        if ((needs & Derivatives.Implicit) != 0)
        {
            // second-order products differentiate this once more
            tape.Gradient(losses.Follower, follower.Variables, followerGradients);
        }

        recorded = tape.Mark();
    }

    /// <inheritdoc/>
    public void MoveTo(ReadOnlySpan<T> leader, ReadOnlySpan<T> follower)
    {
        leader.CopyTo(this.leader.Parameters.Span);
        follower.CopyTo(this.follower.Parameters.Span);
        Linearise(Derivatives.Direct | Derivatives.Implicit);
    }

    /// <inheritdoc/>
    public double LeaderLoss() => double.CreateTruncating(tape.Value(losses.Leader));

    /// <inheritdoc/>
    public double FollowerLoss() => double.CreateTruncating(tape.Value(losses.Follower));

    /// <inheritdoc/>
    public double DirectGradient(Span<T> result)
    {
        Gradient(losses.Leader, leader, result);
        return LeaderLoss();
    }

    /// <inheritdoc/>
    public void RightHandSide(Span<T> result) => Gradient(losses.Leader, follower, result);

    /// <inheritdoc/>
    public void FollowerGradient(Span<T> result) => Gradient(losses.Follower, follower, result);

    /// <inheritdoc/>
    public double FollowerDescent(Span<T> result)
    {
        FollowerGradient(result);
        return FollowerLoss();
    }

    /// <inheritdoc/>
    public void FollowerLossLeaderGradient(Span<T> result) => Gradient(losses.Follower, leader, result);

    /// <inheritdoc/>
    public ILinearOperator<T> FollowerCurvature(Curvature kind) => kind == Curvature.GaussNewton ? gaussNewton : hessian;

    /// <inheritdoc/>
    public void MixedProduct(ReadOnlySpan<T> v, Span<T> result) => SecondProduct(v, leader, result);

    private void Gradient(Variable loss, Side side, Span<T> result)
    {
        tape.Rewind(recorded);
        tape.Gradient(loss, side.Variables, side.Layout, side.Result);
        side.Result.Span.CopyTo(result);
    }

    /// <summary>result ← ∂/∂side (∂₂f₂ · v).</summary>
    private void SecondProduct(ReadOnlySpan<T> v, Side side, Span<T> result)
    {
        tape.Rewind(recorded);
        tape.Gradient(followerGradients, follower.Seeds(tape, v), side.Variables, side.Layout, side.Result);
        side.Result.Span.CopyTo(result);
    }

    /// <summary>One player's parameters, as variables, and room for vectors over them.</summary>
    private sealed class Side
    {
        private readonly FlatVector<T> direction;
        private readonly Variable[] seeds;

        public Side(ParameterLayout layout, FlatVector<T> parameters, string name)
        {
            if (parameters.Length != layout.Length)
            {
                throw new ArgumentException($"The parameters have {parameters.Length} elements; their layout has {layout.Length}.", name);
            }

            (Layout, Parameters) = (layout, parameters);
            Variables = new Variable[layout.Blocks.Count];
            seeds = new Variable[layout.Blocks.Count];
            direction = new FlatVector<T>(layout.Length);
            Result = new FlatVector<T>(layout.Length);
        }

        public ParameterLayout Layout { get; }

        public FlatVector<T> Parameters { get; }

        public Variable[] Variables { get; }

        public FlatVector<T> Result { get; }

        public Variable[] Seeds(Tape<T> tape, ReadOnlySpan<T> v)
        {
            v.CopyTo(direction.Span);
            tape.Leaves(Layout, direction, seeds);
            return seeds;
        }
    }
}
