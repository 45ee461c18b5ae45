using System.Runtime.InteropServices;

namespace Stackelberg.MuJoCo.Native;

/// <summary>
/// A compiled model: constants of the physics. Any number of <see cref="MjData"/> on any threads may share it.
/// </summary>
/// <remarks>Spans point into native memory and are valid until the model is disposed.</remarks>
public sealed unsafe class MjModel : SafeHandle
{
    private readonly MujocoLayout layout;

    private MjModel(void* model, MujocoLayout layout)
        : base(0, ownsHandle: true)
    {
        this.layout = layout;
        SetHandle((nint)model);
        (Nq, Nv, Nu, Na) = (Size(layout.ModelNq), Size(layout.ModelNv), Size(layout.ModelNu), Size(layout.ModelNa));
        (BodyCount, SiteCount, GeomCount) = (Size(layout.ModelNbody), Size(layout.ModelNsite), Size(layout.ModelNgeom));
        Timestep = *(double*)(Pointer + layout.ModelTimestep);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Generalised coordinates.</summary>
    public int Nq { get; }

    /// <summary>Degrees of freedom.</summary>
    public int Nv { get; }

    /// <summary>Controls.</summary>
    public int Nu { get; }

    /// <summary>Activations of actuators that have a state.</summary>
    public int Na { get; }

    /// <summary>Bodies, the world (number 0) included.</summary>
    public int BodyCount { get; }

    /// <summary>Sites.</summary>
    public int SiteCount { get; }

    /// <summary>Geoms: the shapes bodies consist of.</summary>
    public int GeomCount { get; }

    /// <summary>Seconds of one engine step.</summary>
    public double Timestep { get; }

    /// <summary>The initial generalised coordinates; length <see cref="Nq"/>.</summary>
    public ReadOnlySpan<double> Qpos0 => new(Array(layout.ModelQpos0), Nq);

    /// <summary>Kilograms per body; length <see cref="BodyCount"/>.</summary>
    public ReadOnlySpan<double> BodyMass => new(Array(layout.ModelBodyMass), BodyCount);

    /// <summary>Lower and upper bound of each control in turn; length 2·<see cref="Nu"/>.</summary>
    public ReadOnlySpan<double> ControlRange => new(Array(layout.ModelActuatorCtrlrange), 2 * Nu);

    /// <summary>The engine's number of each geom's type (0 plane, 2 sphere, 3 capsule, 4 ellipsoid, 5 cylinder, 6 box); length <see cref="GeomCount"/>.</summary>
    public ReadOnlySpan<int> GeomTypes => new(Address(layout.ModelGeomType), GeomCount);

    /// <summary>The body each geom belongs to; length <see cref="GeomCount"/>.</summary>
    public ReadOnlySpan<int> GeomBodies => new(Address(layout.ModelGeomBodyid), GeomCount);

    /// <summary>Sizes in metres, whose meaning depends on the type; 3 per geom.</summary>
    public ReadOnlySpan<double> GeomSizes => new(Array(layout.ModelGeomSize), 3 * GeomCount);

    /// <summary>Red, green, blue and opacity in [0, 1]; 4 per geom.</summary>
    public ReadOnlySpan<float> GeomColours => new(Address(layout.ModelGeomRgba), 4 * GeomCount);

    internal byte* Pointer => (byte*)handle;

    internal MujocoLayout Layout => layout;

    /// <summary>Compiles a model from MJCF text.</summary>
    /// <exception cref="MujocoException">The library cannot be used, or the engine rejects the model; the message quotes it.</exception>
    public static MjModel FromMjcf(string mjcf)
    {
        MujocoLayout layout = MujocoLibrary.Require().Layout;
        return new MjModel(MjcfCompiler.Compile(mjcf), layout);
    }

    /// <summary>Compiles a model from an MJCF file and the files it refers to.</summary>
    /// <exception cref="MujocoException">The library cannot be used, or the engine rejects the model; the message quotes it.</exception>
    public static MjModel FromFile(string path)
    {
        MujocoLayout layout = MujocoLibrary.Require().Layout;
        return new MjModel(MjcfCompiler.CompileFile(path), layout);
    }

    /// <summary>The number of the body called <paramref name="name"/>.</summary>
    /// <exception cref="MujocoException">There is none.</exception>
    public int BodyId(string name) => Find(layout.ObjectBody, "body", name);

    /// <summary>The number of the joint called <paramref name="name"/>.</summary>
    /// <exception cref="MujocoException">There is none.</exception>
    public int JointId(string name) => Find(layout.ObjectJoint, "joint", name);

    /// <summary>The number of the geom called <paramref name="name"/>.</summary>
    /// <exception cref="MujocoException">There is none.</exception>
    public int GeomId(string name) => Find(layout.ObjectGeom, "geom", name);

    /// <summary>The number of the site called <paramref name="name"/>.</summary>
    /// <exception cref="MujocoException">There is none.</exception>
    public int SiteId(string name) => Find(layout.ObjectSite, "site", name);

    /// <summary>The number of the actuator called <paramref name="name"/>.</summary>
    /// <exception cref="MujocoException">There is none.</exception>
    public int ActuatorId(string name) => Find(layout.ObjectActuator, "actuator", name);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.mj_deleteModel(Pointer);
        return true;
    }

    private int Find(int type, string kind, string name)
    {
        fixed (byte* text = NativeText.Write(name))
        {
            int id = NativeMethods.mj_name2id(Pointer, type, text);
            GC.KeepAlive(this);
            return id >= 0 ? id : throw new MujocoException($"The model has no {kind} named '{name}'.");
        }
    }

    private int Size(int offset) => layout.SizeBytes == sizeof(long) ? checked((int)*(long*)(Pointer + offset)) : *(int*)(Pointer + offset);

    private double* Array(int offset) => (double*)Address(offset);

    private void* Address(int offset)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return *(void**)(Pointer + offset);
    }
}
