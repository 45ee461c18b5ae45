namespace Stackelberg.Environments;

/// <summary>An environment whose episodes can be drawn: it tells once what is drawn, and at any time where that is.</summary>
/// <remarks>The dynamics implement it, wrappers do not. Asking for a pose changes nothing of the episode.</remarks>
public interface IPoseSource
{
    /// <summary>What is drawn.</summary>
    SceneDescription Scene { get; }

    /// <summary>Writes where everything is at present.</summary>
    /// <param name="pose">Length <c>Scene.PoseSize</c>.</param>
    void WritePose(Span<double> pose);
}

/// <summary>An environment that can also draw states it is not in, from what <see cref="IStateColumns"/> shows of them: tables of rollouts are drawn from it.</summary>
/// <remarks>Needed where such a state is not one an episode can start from; others are drawn by starting there.</remarks>
public interface IStatePoseSource : IPoseSource, IStateColumns
{
    /// <summary>Writes the pose of a state.</summary>
    /// <param name="state">Length <c>StateColumns.Count</c>.</param>
    /// <param name="pose">Length <c>Scene.PoseSize</c>.</param>
    /// <exception cref="ArgumentException">A number is not possible there.</exception>
    void WritePoseOf(ReadOnlySpan<double> state, Span<double> pose);
}

/// <summary>What a view of an environment draws.</summary>
/// <param name="View">Which view: <c>bodies</c> draws <see cref="Shapes"/> in space; the other names belong to one task each.</param>
/// <param name="PoseSize">Numbers per pose. In <c>bodies</c> 7 per shape: centre x, y, z in metres, then the rotation as a quaternion w, x, y, z.</param>
/// <param name="StepSeconds">Simulated seconds from one pose to the next.</param>
public sealed record SceneDescription(string View, int PoseSize, double StepSeconds)
{
    /// <summary>The view that draws <see cref="Shapes"/> in space.</summary>
    public const string Bodies = "bodies";

    /// <summary>What moves, in the order of the poses; empty where the view knows by itself.</summary>
    public IReadOnlyList<SceneShape> Shapes { get; init; } = [];

    /// <summary>Whether steps take time in the world that is drawn; where they do not, <see cref="StepSeconds"/> is only how long one is shown.</summary>
    public bool HasClock { get; init; } = true;

    /// <summary>Per agent the names of its actions; where given, joint actions are recorded and shown by these names.</summary>
    public IReadOnlyList<IReadOnlyList<string>> ActionNames { get; init; } = [];

    /// <summary>The game that is played, where the view shows its payoffs or its board.</summary>
    public MarkovGame? Game { get; init; }
}

/// <summary>A rigid shape, with its own coordinates in its centre; long shapes lie along z.</summary>
/// <param name="Kind">Which solid.</param>
/// <param name="Body">Number of the body it is part of; 0 is the world. Shapes of a body look alike.</param>
/// <param name="Size">Three numbers in metres: half extents of a plane (0 for endless), box or ellipsoid; radius of a sphere; radius and half length (of a capsule
/// without its caps) of a capsule or cylinder; the rest 0.</param>
/// <param name="Colour">Red, green, blue and opacity in [0, 1]; null for the view's choice.</param>
public sealed record SceneShape(ShapeKind Kind, int Body, IReadOnlyList<double> Size, IReadOnlyList<double>? Colour);

/// <summary>The solids a scene consists of.</summary>
public enum ShapeKind
{
    /// <summary>A rectangle in its own x and y.</summary>
    Plane,

    /// <summary>A ball.</summary>
    Sphere,

    /// <summary>A cylinder with half balls at its ends.</summary>
    Capsule,

    /// <summary>A stretched ball.</summary>
    Ellipsoid,

    /// <summary>A cylinder.</summary>
    Cylinder,

    /// <summary>A box.</summary>
    Box,
}
