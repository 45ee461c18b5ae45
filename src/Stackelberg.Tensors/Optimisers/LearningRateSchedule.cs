namespace Stackelberg.Tensors.Optimisers;

/// <summary>The learning rate as a function of the number of steps taken.</summary>
public readonly record struct LearningRateSchedule
{
    private readonly double initial;
    private readonly double final;
    private readonly double decay;
    private readonly long steps;

    private LearningRateSchedule(double initial, double final, long steps, double decay)
    {
        this.initial = initial;
        this.final = final;
        this.steps = steps;
        this.decay = decay;
    }

    /// <summary>The same rate always.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    public static implicit operator LearningRateSchedule(double learningRate) => Constant(learningRate);

    /// <summary>The same rate always.</summary>
    /// <param name="learningRate">Finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    public static LearningRateSchedule Constant(double learningRate) => new(Rate(learningRate), learningRate, 0, 1);

    /// <summary>From one rate to another in equal steps, constant from then on.</summary>
    /// <param name="initial">Rate of the first step; finite, at least 0.</param>
    /// <param name="final">Rate after <paramref name="steps"/> steps; finite, at least 0.</param>
    /// <param name="steps">Length of the transition, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static LearningRateSchedule Linear(double initial, double final, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new LearningRateSchedule(Rate(initial), Rate(final), steps, 1);
    }

    /// <summary>initial · decay^step.</summary>
    /// <param name="initial">Rate of the first step; finite, at least 0.</param>
    /// <param name="decay">Factor per step, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static LearningRateSchedule Exponential(double initial, double decay)
    {
        if (!(decay > 0 && decay <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The factor per step must lie in (0, 1]; 1 keeps the rate constant.");
        }

        return new LearningRateSchedule(Rate(initial), 0, 0, decay);
    }

    /// <summary>The rate after <paramref name="step"/> steps; 0 gives the rate of the first.</summary>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (steps > 0)
        {
            double part = Math.Min(step, steps) / (double)steps;
            return ((1 - part) * initial) + (part * final);
        }

        return decay == 1 ? initial : initial * Math.Pow(decay, step);
    }

    private static double Rate(double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate must be finite and at least 0.");
        }

        return value;
    }
}
