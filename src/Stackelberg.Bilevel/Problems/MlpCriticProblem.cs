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
    private readonly ILinearOperator<double> hessian, gaussNewton;

    /// <summary>Draws data, network and point.</summary>
    /// <param name="random">Where everything is drawn from.</param>
    /// <param name="weightDecay">μ ≥ 0.</param>
    public MlpCriticProblem(RandomStream random, double weightDecay)
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
        hessian = Decayed(new NetworkHessian<double>(network));
        gaussNewton = Decayed(new NetworkGaussNewton<double>(network));
        Linearise();

        ILinearOperator<double> Decayed(ILinearOperator<double> curvature) => weightDecay > 0 ? curvature.Damped(weightDecay) : curvature;
    }

    /// <inheritdoc/>
    public int LeaderDimension => LeaderSize;

    /// <inheritdoc/>
    public int FollowerDimension => follower.Length;

    /// <inheritdoc/>
    public CoordinateMap LeaderCoordinates { get; } = CoordinateMap.Identity(LeaderSize);

    /// <summary>The exact Hessian, or the Gauss-Newton matrix, which leaves out the residuals' second derivatives.</summary>
    public ILinearOperator<double> FollowerCurvature(Curvature kind) => kind == Curvature.GaussNewton ? gaussNewton : hessian;

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
    public void Linearise(Derivatives needs = Derivatives.All)
    {
        network.Forward(follower, observations, Samples);
        for (int i = 0; i < Samples; i++)
        {
            targets[i] = Math.Tanh(Vectors.Dot<double>(Features(i), leader.Span));
        }

        network.SetSquaredLoss(targets);
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
    public double DirectGradient(Span<double> result)
    {
        leader.Span.CopyTo(result);
        return LeaderLoss();
    }

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

    private Span<double> Features(int sample) => features.AsSpan(sample * LeaderSize, LeaderSize);
}
