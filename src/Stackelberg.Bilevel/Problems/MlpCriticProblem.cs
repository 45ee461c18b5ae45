using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel;

/// <summary>
/// A small value network that regresses targets which depend on the leader, as a critic's do on the actor.
/// </summary>
/// <remarks>
/// f₂(x, y) = mean (V_y(sᵢ) − tᵢ(x))² + ½μ‖y‖² with tᵢ(x) = tanh(φᵢᵀx); f₁(x, y) = mean(wᵢ V_y(sᵢ)) + ½‖x‖². Observations s, features φ and
/// weights w are drawn once. The follower's vector has the padded layout of the network.
/// </remarks>
public sealed class MlpCriticProblem : IDifferentiableBilevelProblem<double>
{
    private const int Samples = 16, Observation = 3, Hidden = 5, LeaderSize = 4;
    private readonly double weightDecay;
    private readonly Linearisation<double> network;
    private readonly Matrix<double> observations = new(Samples, Observation);
    private readonly Matrix<double> perSample = new(Samples, 1);
    private readonly double[] features = new double[Samples * LeaderSize];
    private readonly double[] weights = new double[Samples];
    private readonly double[] targets = new double[Samples];
    private readonly FlatVector<double> leader = new(LeaderSize);
    private readonly FlatVector<double> follower, gradient;

    /// <summary>Draws data, network and point.</summary>
    /// <param name="random">Where everything is drawn from.</param>
    /// <param name="weightDecay">μ ≥ 0.</param>
    /// <param name="gaussNewton">
    /// Whether the curvature is the Gauss-Newton matrix, which leaves out the residuals' second derivatives, instead of the exact Hessian.
    /// </param>
    public MlpCriticProblem(RandomStream random, double weightDecay, bool gaussNewton)
    {
        SolverArguments.CheckDamping(weightDecay);
        this.weightDecay = weightDecay;
        var layout = new MlpLayout(Observation, [Hidden], 1, Activation.Tanh);
        network = new Linearisation<double>(layout, Samples);
        follower = new FlatVector<double>(layout.Parameters.Length);
        gradient = new FlatVector<double>(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, follower, random.Split("network"));
        for (int i = 0; i < Samples; i++)
        {
            random.FillNormal(observations.Row(i));
            weights[i] = 1 + (0.5 * random.NextNormal());
        }

        random.FillNormal(features);
        random.FillNormal(leader.Span);
        ILinearOperator<double> curvature = gaussNewton ? new NetworkGaussNewton<double>(network) : new NetworkHessian<double>(network);
        FollowerCurvature = weightDecay > 0 ? curvature.Damped(weightDecay) : curvature;
        Linearise();
    }

    /// <inheritdoc/>
    public int LeaderDimension => LeaderSize;

    /// <inheritdoc/>
    public int FollowerDimension => follower.Length;

    /// <inheritdoc/>
    public CoordinateMap LeaderCoordinates { get; } = CoordinateMap.Identity(LeaderSize);

    /// <inheritdoc/>
    public ILinearOperator<double> FollowerCurvature { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Leader => leader.Span;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Follower => follower.Span;

    /// <inheritdoc/>
    public void MoveTo(ReadOnlySpan<double> leader, ReadOnlySpan<double> follower)
    {
        leader.CopyTo(this.leader.Span);
        follower.CopyTo(this.follower.Span);
        Linearise();
    }

    /// <inheritdoc/>
    public double LeaderLoss() =>
        (Vectors.Dot<double>(weights, network.Outputs.Span[..Samples]) / Samples) + (0.5 * Vectors.Dot<double>(leader.Span, leader.Span));

    /// <inheritdoc/>
    public double FollowerLoss()
    {
        double sum = 0;
        for (int i = 0; i < Samples; i++)
        {
            double error = network.Outputs[i, 0] - targets[i];
            sum += error * error;
        }

        return (sum / Samples) + (0.5 * weightDecay * Vectors.Dot<double>(follower.Span, follower.Span));
    }

    /// <inheritdoc/>
    public void LeaderGradient(Span<double> result) => leader.Span.CopyTo(result);

    /// <inheritdoc/>
    public void RightHandSide(Span<double> result)
    {
        Vectors.Scale(weights, 1.0 / Samples, perSample.Span);
        network.Vjp(perSample, gradient);
        gradient.Span.CopyTo(result);
    }

    /// <inheritdoc/>
    public void FollowerGradient(Span<double> result)
    {
        network.LossGradient(gradient);
        gradient.Span.CopyTo(result);
        Vectors.AddScaled<double>(result, weightDecay, follower.Span);
    }

    /// <inheritdoc/>
    public void FollowerLossLeaderGradient(Span<double> result)
    {
        for (int i = 0; i < Samples; i++)
        {
            perSample[i, 0] = network.Outputs[i, 0] - targets[i];
        }

        ThroughTargets(result);
    }

    /// <inheritdoc/>
    public void MixedProduct(ReadOnlySpan<double> v, Span<double> result)
    {
        network.Jvp(v, perSample);
        ThroughTargets(result);
    }

    // result ← −(2/N) Σᵢ perSampleᵢ (1 − tᵢ²) φᵢ
    private void ThroughTargets(Span<double> result)
    {
        result.Clear();
        for (int i = 0; i < Samples; i++)
        {
            double slope = 1 - (targets[i] * targets[i]);
            Vectors.AddScaled<double>(result, -2.0 / Samples * perSample[i, 0] * slope, Features(i));
        }
    }

    private void Linearise()
    {
        network.Forward(follower, observations, Samples);
        for (int i = 0; i < Samples; i++)
        {
            targets[i] = Math.Tanh(Vectors.Dot<double>(Features(i), leader.Span));
        }

        network.SetSquaredLoss(targets);
    }

    private Span<double> Features(int sample) => features.AsSpan(sample * LeaderSize, LeaderSize);
}
