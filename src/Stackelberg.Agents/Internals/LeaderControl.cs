using System.Numerics;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Internals;

/// <summary>
/// Control experiments on the leader's step (<see cref="HypergradientControl"/>): what is left of the implicit term's effect without its direction, or
/// without any direction but the direct gradient's.
/// </summary>
/// <param name="random">The leader's stream; directions come from a stream split from it, so that the solver's draws are the same with and without control.</param>
internal sealed class LeaderControl<T>(HypergradientControl kind, RandomStream random)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RandomStream? directions = kind == HypergradientControl.RandomDirection ? random.Split("control") : null;
    private double[] normals = [];
    private FlatVector<T> direction = new(0);

    /// <summary>result ← the control's step in place of the total derivative that is there.</summary>
    /// <param name="problem">Still linearised where the derivative was taken.</param>
    /// <param name="report">Of that derivative.</param>
    /// <exception cref="ArgumentException">A random direction is asked for and the problem does not tell which elements of the leader's vector are real.</exception>
    public void Apply(IBilevelProblem<T> problem, in HypergradientReport report, Span<T> result)
    {
        double length = report.Scale * report.ImplicitNorm;
        if (kind == HypergradientControl.None || report.Dropped || length == 0)
        {
            return;
        }

        double total = Vectors.Norm<T>(result);
        problem.DirectGradient(result);
        if (directions is not null)
        {
            Draw(problem);
            Vectors.AddScaled<T>(result, length, direction.Span);
        }
        else if (report.DirectNorm > 0)
        {
            Vectors.Scale(result, total / report.DirectNorm);
        }
    }

    /// <summary>Writes the stream of directions, where there is one.</summary>
    public void Save(StateWriter writer)
    {
        if (directions is not null)
        {
            writer.Write("control", directions);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader)
    {
        if (directions is not null)
        {
            reader.Read("control", directions);
        }
    }

    /// <summary>direction ← a uniformly distributed unit vector; zero at padding.</summary>
    private void Draw(IBilevelProblem<T> problem)
    {
        CoordinateMap coordinates = (problem as IDifferentiableBilevelProblem<T>)?.LeaderCoordinates
            ?? throw new ArgumentException(
                $"hypergradient.control=random-direction draws among the leader's real coordinates, which {problem.GetType().Name} does not tell; implement {nameof(IDifferentiableBilevelProblem<>)}.");
        if (normals.Length != coordinates.Count || direction.Length != problem.LeaderDimension)
        {
            normals = new double[coordinates.Count];
            direction = new FlatVector<T>(problem.LeaderDimension);
        }

        directions!.FillNormalBlock(normals);
        double norm = Vectors.Norm<double>(normals);
        for (int i = 0; i < normals.Length; i++)
        {
            direction[coordinates[i]] = T.CreateTruncating(normals[i] / norm);
        }
    }
}
