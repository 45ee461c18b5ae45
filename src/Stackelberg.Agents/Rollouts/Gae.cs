namespace Stackelberg.Agents.Rollouts;

/// <summary>
/// Generalised advantage estimation over one trajectory (Schulman et al. 2016, eq. 16), Â_t = Σ_l (γλ)^l δ_{t+l} with δ_t = r_t + γ V_{t+1} − V_t, and its
/// derivatives by the values: it is linear in them.
/// </summary>
/// <remarks>Spans are those of all steps; a trajectory reads and writes its own rows.</remarks>
internal static class Gae
{
    /// <summary>advantages_t ← Â_t.</summary>
    /// <param name="bootstrap">V of the observation after the last step; 0 where the episode terminated.</param>
    public static void Estimate(
        in Trajectory trajectory, ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, double bootstrap, double gamma, double lambda, Span<double> advantages)
    {
        double nextValue = bootstrap;
        double advantage = 0;
        for (int t = trajectory.End - 1; t >= trajectory.Start; t--)
        {
            double difference = rewards[t] + (gamma * nextValue) - values[t];
            advantage = difference + (gamma * lambda * advantage);
            nextValue = values[t];
            advantages[t] = advantage;
        }
    }

    /// <summary>tangents_t ← dÂ_t for a change dV_t of the values.</summary>
    /// <param name="bootstrapTangent">dV of the observation after the last step; 0 where the episode terminated.</param>
    public static void Tangents(
        in Trajectory trajectory, ReadOnlySpan<double> valueTangents, double bootstrapTangent, double gamma, double lambda, Span<double> tangents)
    {
        double next = bootstrapTangent;
        double tangent = 0;
        for (int t = trajectory.End - 1; t >= trajectory.Start; t--)
        {
            tangent = (gamma * next) - valueTangents[t] + (gamma * lambda * tangent);
            next = valueTangents[t];
            tangents[t] = tangent;
        }
    }

    /// <summary>valueCotangents_t ← ∂/∂V_t of Σ cotangent_t Â_t, which accumulates forward in time.</summary>
    /// <returns>∂ by the value after the last step.</returns>
    public static double Adjoint(
        in Trajectory trajectory, ReadOnlySpan<double> cotangents, double gamma, double lambda, Span<double> valueCotangents)
    {
        double previous = 0;
        for (int t = trajectory.Start; t < trajectory.End; t++)
        {
            double accumulated = cotangents[t] + (gamma * lambda * previous);
            valueCotangents[t] = (gamma * previous) - accumulated;
            previous = accumulated;
        }

        return gamma * previous;
    }

    /// <summary>Shifts and scales advantages to mean 0 and population standard deviation 1; constant ones, and a single one, become 0.</summary>
    /// <param name="epsilon">Added to the standard deviation.</param>
    /// <returns>What they were divided by: the standard deviation, or 1 where that was 0.</returns>
    public static double Normalise(Span<double> advantages, double epsilon = 0)
    {
        double mean = 0;
        foreach (double value in advantages)
        {
            mean += value;
        }

        mean /= advantages.Length;
        double variance = 0;
        foreach (double value in advantages)
        {
            variance += (value - mean) * (value - mean);
        }

        double deviation = Math.Sqrt(variance / advantages.Length) + epsilon;
        double divisor = deviation > 0 ? deviation : 1;
        foreach (ref double value in advantages)
        {
            value = (value - mean) / divisor;
        }

        return divisor;
    }
}
