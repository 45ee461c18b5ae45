namespace Stackelberg.Tensors;

/// <content>Log-probabilities and entropies of policies, one row per sample. All are made of recorded operations and differentiate again.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>ln π(action) of categorical distributions, [rows × 1].</summary>
    /// <param name="logits">Unnormalised log-probabilities, [rows × actions].</param>
    /// <param name="actions">One index per row.</param>
    public Variable CategoricalLogProbability(Variable logits, ReadOnlySpan<int> actions) => Gather(LogSoftmax(logits), actions);

    /// <summary>−Σ π ln π of categorical distributions in nats, [rows × 1].</summary>
    /// <param name="logits">Unnormalised log-probabilities, [rows × actions].</param>
    public Variable CategoricalEntropy(Variable logits)
    {
        Variable logProbabilities = LogSoftmax(logits);
        return Negate(SumOverColumns(Multiply(Exp(logProbabilities), logProbabilities)));
    }

    /// <summary>ln density of normal distributions with diagonal covariance, [rows × 1]: −Σ (½ z² + ln σ + ½ ln 2π), z = (action − mean) / σ.</summary>
    /// <param name="mean">[rows × dimensions]</param>
    /// <param name="logStandardDeviation">ln σ, [rows × dimensions] or one row for all samples.</param>
    /// <param name="actions">[rows × dimensions]</param>
    public Variable GaussianLogProbability(Variable mean, Variable logStandardDeviation, Variable actions)
    {
        int rows = Rows(mean);
        Variable full = Rows(logStandardDeviation) == rows ? logStandardDeviation : BroadcastRow(logStandardDeviation, rows);
        Variable z = Multiply(Subtract(actions, mean), Exp(Negate(full)));
        Variable terms = Add(Scale(Square(z), 0.5), full);
        return Affine(SumOverColumns(terms), -1.0, -0.5 * Math.Log(2.0 * Math.PI) * Columns(mean));
    }

    /// <summary>Differential entropy in nats of normal distributions with diagonal covariance: Σ (ln σ + ½ ln 2πe), one number per row.</summary>
    /// <param name="logStandardDeviation">ln σ, [rows × dimensions]; one row if it is the same for all samples.</param>
    public Variable GaussianEntropy(Variable logStandardDeviation) =>
        AddScalar(SumOverColumns(logStandardDeviation), 0.5 * Math.Log(2.0 * Math.PI * Math.E) * Columns(logStandardDeviation));
}
