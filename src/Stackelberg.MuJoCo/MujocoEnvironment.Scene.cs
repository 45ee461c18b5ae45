using Stackelberg.Environments;
using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo;

// What views need: the geoms, and where they are.
public abstract partial class MujocoEnvironment : IPoseSource
{
    private const int NumbersPerGeom = 7;

    private SceneDescription? scene;
    private MjData? drawn;

    /// <summary>All geoms of the model.</summary>
    /// <exception cref="NotSupportedException">A geom is of a kind no view draws: a mesh or a height field.</exception>
    public SceneDescription Scene => scene ??= new SceneDescription(SceneDescription.Bodies, NumbersPerGeom * model.GeomCount, StepSeconds)
    {
        Shapes = [.. Enumerable.Range(0, model.GeomCount).Select(Describe)],
    };

    /// <inheritdoc/>
    /// <remarks>Computed from the coordinates in a simulation of its own: after a step the engine's own poses lag behind them by a stage of the integrator,
    /// and computing them anew in place would change the next step's bits.</remarks>
    public void WritePose(Span<double> pose)
    {
        if (pose.Length != NumbersPerGeom * model.GeomCount)
        {
            throw new ArgumentException($"A pose of {Spec.Id} has {NumbersPerGeom * model.GeomCount} numbers; got room for {pose.Length}.", nameof(pose));
        }

        drawn ??= new MjData(model);
        data.Qpos.CopyTo(drawn.Qpos);
        drawn.Forward();
        for (int geom = 0; geom < model.GeomCount; geom++)
        {
            Span<double> place = pose.Slice(NumbersPerGeom * geom, NumbersPerGeom);
            drawn.GeomPositions.Slice(3 * geom, 3).CopyTo(place);
            RotationToQuaternion(drawn.GeomRotations.Slice(9 * geom, 9), place[3..]);
        }

        GC.KeepAlive(this);
    }

    /// <summary>The unit quaternion w, x, y, z of a rotation matrix, its largest entry positive. The largest is found first, so that nothing cancels.</summary>
    internal static void RotationToQuaternion(ReadOnlySpan<double> r, Span<double> q)
    {
        ReadOnlySpan<double> squares = [1 + r[0] + r[4] + r[8], 1 + r[0] - r[4] - r[8], 1 - r[0] + r[4] - r[8], 1 - r[0] - r[4] + r[8]];
        int largest = 0;
        for (int i = 1; i < 4; i++)
        {
            largest = squares[i] > squares[largest] ? i : largest;
        }

        (double x, double y, double z) = (r[7] - r[5], r[2] - r[6], r[3] - r[1]);
        (double xy, double xz, double yz) = (r[1] + r[3], r[2] + r[6], r[5] + r[7]);
        (q[0], q[1], q[2], q[3]) = largest switch
        {
            0 => (squares[0], x, y, z),
            1 => (x, squares[1], xy, xz),
            2 => (y, xy, squares[2], yz),
            _ => (z, xz, yz, squares[3]),
        };
        double scale = 1 / Math.Sqrt((q[0] * q[0]) + (q[1] * q[1]) + (q[2] * q[2]) + (q[3] * q[3]));
        for (int i = 0; i < 4; i++)
        {
            q[i] *= scale;
        }
    }

    private SceneShape Describe(int geom)
    {
        ShapeKind kind = model.GeomTypes[geom] switch
        {
            0 => ShapeKind.Plane,
            2 => ShapeKind.Sphere,
            3 => ShapeKind.Capsule,
            4 => ShapeKind.Ellipsoid,
            5 => ShapeKind.Cylinder,
            6 => ShapeKind.Box,
            int other => throw new NotSupportedException($"{Spec.Id}: geom {geom} is of the engine's type {other}, which no view draws; use planes, spheres, capsules, ellipsoids, cylinders and boxes."),
        };
        ReadOnlySpan<float> colour = model.GeomColours.Slice(4 * geom, 4);
        bool unset = colour[0] == 0.5f && colour[1] == 0.5f && colour[2] == 0.5f && colour[3] == 1;
        return new SceneShape(kind, model.GeomBodies[geom], model.GeomSizes.Slice(3 * geom, 3).ToArray(), unset ? null : [colour[0], colour[1], colour[2], colour[3]]);
    }
}
