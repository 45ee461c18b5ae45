using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Problems;

/// <summary>A leader's total derivative and the vectors it is made of: what snapshots of all methods have in common.</summary>
/// <param name="Hypergradient">How the implicit term was computed; where the guard acted, what it turned to.</param>
/// <param name="Vectors"><c>direct</c>, <c>right_hand_side</c>, <c>solution</c>, <c>implicit</c> and <c>total</c>.</param>
/// <param name="Start"><c>initial_solution</c> where the solve was started from one; otherwise nothing.</param>
internal sealed record DerivedVectors(
    HypergradientOptions Hypergradient, HypergradientReport Report, IReadOnlyList<NamedArray> Vectors, IReadOnlyList<NamedArray> Start)
{
    /// <summary>Linearises a round's problem where both players stand, and differentiates there; nobody moves.</summary>
    /// <param name="round">With an implicit leader.</param>
    /// <param name="steps">Environment steps so far, for schedules.</param>
    /// <param name="actor">Layout of vectors over the actor's parameters.</param>
    /// <param name="critic">The same of each critic: its vectors may hold those of several, one after the other.</param>
    /// <remarks>Conjugate gradients are kept orthogonal, so that the number of iterations determines the result.</remarks>
    public static DerivedVectors Of<T>(Round<T> round, LeaderOptions leading, long steps, MlpLayout actor, MlpLayout critic)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Leader<T> leader = round.Leader!.CopyReorthogonalised();
        T[] last = ((ImplicitHypergradient<T>)leader.Applied).Solution.ToArray();
        round.Problem.Linearise();
        var direct = new T[round.Problem.LeaderDimension];
        var total = new T[round.Problem.LeaderDimension];
        round.Problem.DirectGradient(direct);
        HypergradientReport report = leader.Compute(round.Problem, steps, total);
        var applied = (ImplicitHypergradient<T>)leader.Applied;
        (MlpLayout first, MlpLayout second) = leading.Leader == LeaderRole.Actor ? (actor, critic) : (critic, actor);
        return new DerivedVectors(
            leader.FellBack ? Leader<T>.FallbackOf(leading.Hypergradient) : leading.Hypergradient,
            report,
            [
                OverParameters("direct", direct, first),
                OverParameters("right_hand_side", applied.RightHandSide, second),
                OverParameters("solution", applied.Solution, second),
                // the term of a solve of no use was dropped
                OverParameters("implicit", report.Dropped ? new T[direct.Length] : applied.ImplicitTerm, first),
                OverParameters("total", total, first),
            ],
            leading.Hypergradient.WarmStart && !leader.FellBack && last.Length > 0 ? [OverParameters("initial_solution", last, second)] : []);
    }

    private static NamedArray OverParameters<T>(string name, ReadOnlySpan<T> vector, MlpLayout network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterLayout layout = network.Parameters;
        var values = new List<double>();
        for (int offset = 0; offset < vector.Length; offset += layout.Length)
        {
            values.AddRange(NetworkState.Flatten(layout, vector.Slice(offset, layout.Length)));
        }

        return new NamedArray(name, [values.Count], [.. values]);
    }
}

/// <summary>Arrays of snapshots, in double precision.</summary>
internal static class SnapshotArrays
{
    public static double[] Widen<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateTruncating(values[i]);
        }

        return wide;
    }

    /// <summary>One number per row.</summary>
    public static NamedArray PerRow<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(name, [values.Length], Widen(values));

    /// <summary>Some columns of a matrix's first rows, [<paramref name="rows"/> × <paramref name="count"/>].</summary>
    public static NamedArray Columns<T>(string name, Matrix<T> matrix, int rows, int first, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new List<double>();
        for (int i = 0; i < rows; i++)
        {
            values.AddRange(Widen<T>(matrix.Row(i).Slice(first, count)));
        }

        return new NamedArray(name, [rows, count], [.. values]);
    }
}
