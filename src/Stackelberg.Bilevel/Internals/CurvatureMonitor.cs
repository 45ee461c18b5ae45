using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Watches pᵀAp along the directions of a conjugate gradient method.</summary>
internal struct CurvatureMonitor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public CurvatureMonitor() => Smallest = double.NaN;

    /// <summary>Largest ‖Ap‖ / ‖p‖ so far, at most ‖A‖.</summary>
    public double LargestGain { get; private set; }

    /// <summary>Smallest pᵀAp / pᵀp so far; NaN before the first.</summary>
    public double Smallest { get; private set; }

    /// <summary>Takes one direction; returns whether its curvature is positive beyond the rounding of the product.</summary>
    /// <param name="pq">pᵀAp</param>
    /// <param name="norm">‖p‖</param>
    /// <param name="productNorm">‖Ap‖</param>
    public bool Observe(double pq, double norm, double productNorm)
    {
        double curvature = pq / norm / norm;
        Smallest = double.IsNaN(Smallest) ? curvature : Math.Min(Smallest, curvature);
        LargestGain = Math.Max(LargestGain, productNorm / norm);
        // pᵀAp carries an error of about ε‖A‖pᵀp, and ‖A‖ is at least the largest gain seen
        return curvature > Numbers<T>.Epsilon * LargestGain;
    }
}

/// <summary>Notices when restarting from the true residual no longer helps.</summary>
internal struct RestartMonitor
{
    private double last;

    public RestartMonitor() => last = double.PositiveInfinity;

    /// <summary>Whether the squared true residual fell by less than a factor of four since the previous restart.</summary>
    public bool Stagnates(double squaredResidual)
    {
        bool stagnates = squaredResidual > last / 4;
        last = squaredResidual;
        return stagnates;
    }
}
