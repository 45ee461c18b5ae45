using System.Runtime.InteropServices;

namespace Stackelberg.MuJoCo.Native;

/// <summary>
/// One simulation of a model. Used by one thread at a time; keeps its model alive.
/// </summary>
/// <remarks>
/// Spans point into native memory and are valid until the simulation is disposed. With the RK4 integrator everything derived from positions
/// (<see cref="BodyPositions"/> and what follows) belongs, after a step, to the integrator's last stage and so lags one engine step behind
/// <see cref="Qpos"/>, as in the engine itself.
/// </remarks>
public sealed unsafe partial class MjData : SafeHandle
{
    private readonly MujocoLayout layout;
    private readonly PhysicsJob? owner = PhysicsThread.Current;
    private readonly bool holdsModel;

    // Where an array lies never changes during the life of the struct, so each pointer is read once.
    private readonly double* qpos, qvel, act, ctrl, qaccWarmstart;
    private readonly double* xpos, xipos, geomXpos, geomXmat, siteXpos, cinert, cvel, cfrcExt, qfrcActuator, qfrcConstraint;

    /// <summary>Makes a simulation in the model's initial state.</summary>
    /// <exception cref="MujocoException">The engine cannot make it.</exception>
    public MjData(MjModel model)
        : base(0, ownsHandle: true)
    {
        Model = model;
        layout = model.Layout;
        model.DangerousAddRef(ref holdsModel);
        SetHandle((nint)NativeMethods.mj_makeData(model.Pointer));
        if (IsInvalid)
        {
            model.DangerousRelease();
            throw new MujocoException("MuJoCo cannot make a simulation of the model.");
        }

        qpos = Array(layout.DataQpos);
        qvel = Array(layout.DataQvel);
        act = Array(layout.DataAct);
        ctrl = Array(layout.DataCtrl);
        qaccWarmstart = Array(layout.DataQaccWarmstart);
        xpos = Array(layout.DataXpos);
        xipos = Array(layout.DataXipos);
        geomXpos = Array(layout.DataGeomXpos);
        geomXmat = Array(layout.DataGeomXmat);
        siteXpos = Array(layout.DataSiteXpos);
        cinert = Array(layout.DataCinert);
        cvel = Array(layout.DataCvel);
        cfrcExt = Array(layout.DataCfrcExt);
        qfrcActuator = Array(layout.DataQfrcActuator);
        qfrcConstraint = Array(layout.DataQfrcConstraint);
    }

    /// <summary>The model.</summary>
    public MjModel Model { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Seconds of simulated time since the last reset.</summary>
    public double Time => *(double*)(Pointer + layout.DataTime);

    /// <summary>Contacts detected in the last step.</summary>
    public int ContactCount => *(int*)(Pointer + layout.DataNcon);

    /// <summary>Generalised coordinates; length <see cref="MjModel.Nq"/>.</summary>
    public Span<double> Qpos => Open(qpos, Model.Nq);

    /// <summary>Generalised velocities; length <see cref="MjModel.Nv"/>.</summary>
    public Span<double> Qvel => Open(qvel, Model.Nv);

    /// <summary>Activations; length <see cref="MjModel.Na"/>.</summary>
    public Span<double> Activations => Open(act, Model.Na);

    /// <summary>Controls; length <see cref="MjModel.Nu"/>. The engine clamps them to the control range where it computes forces.</summary>
    public Span<double> Controls => Open(ctrl, Model.Nu);

    /// <summary>Where the constraint solver starts its next iteration; length <see cref="MjModel.Nv"/>. Part of the state: dropping it changes the bits.</summary>
    public Span<double> QaccWarmstart => Open(qaccWarmstart, Model.Nv);

    /// <summary>Positions of the body frames, in metres; 3 per body.</summary>
    public ReadOnlySpan<double> BodyPositions => Open(xpos, 3 * Model.BodyCount);

    /// <summary>Positions of the bodies' centres of mass, in metres; 3 per body.</summary>
    public ReadOnlySpan<double> BodyCentresOfMass => Open(xipos, 3 * Model.BodyCount);

    /// <summary>Positions of the geoms' centres, in metres; 3 per geom.</summary>
    public ReadOnlySpan<double> GeomPositions => Open(geomXpos, 3 * Model.GeomCount);

    /// <summary>Rotation matrices of the geoms, row by row; 9 per geom.</summary>
    public ReadOnlySpan<double> GeomRotations => Open(geomXmat, 9 * Model.GeomCount);

    /// <summary>Positions of the sites, in metres; 3 per site.</summary>
    public ReadOnlySpan<double> SitePositions => Open(siteXpos, 3 * Model.SiteCount);

    /// <summary>Inertias about the centre of mass of the tree; 10 per body.</summary>
    public ReadOnlySpan<double> BodyInertias => Open(cinert, 10 * Model.BodyCount);

    /// <summary>Velocities about the centre of mass of the tree, rotation then translation; 6 per body.</summary>
    public ReadOnlySpan<double> BodyVelocities => Open(cvel, 6 * Model.BodyCount);

    /// <summary>External forces, torque then force; 6 per body. Valid after <see cref="ComputeContactForces"/>.</summary>
    public ReadOnlySpan<double> ExternalForces => Open(cfrcExt, 6 * Model.BodyCount);

    /// <summary>Generalised forces of the actuators; length <see cref="MjModel.Nv"/>.</summary>
    public ReadOnlySpan<double> ActuatorForces => Open(qfrcActuator, Model.Nv);

    /// <summary>Generalised forces of the constraints; length <see cref="MjModel.Nv"/>.</summary>
    public ReadOnlySpan<double> ConstraintForces => Open(qfrcConstraint, Model.Nv);

    /// <summary>
    /// Whether a position, velocity or acceleration was not finite or exceeded 1e10 since the last reset. The engine then resets the simulation by
    /// itself and goes on, so everything after it is the motion of another episode.
    /// </summary>
    public bool Diverged =>
        WarningCount(layout.WarningBadQpos) != 0 || WarningCount(layout.WarningBadQvel) != 0 || WarningCount(layout.WarningBadQacc) != 0;

    internal byte* Pointer => (byte*)handle;

    /// <summary>Advances by <paramref name="count"/> engine steps.</summary>
    public void Step(int count)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        byte* model = Model.Pointer;
        byte* data = Pointer;
        for (int i = 0; i < count; i++)
        {
            NativeMethods.mj_step(model, data);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Computes everything derived from positions, velocities and controls, without advancing time.</summary>
    public void Forward()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        NativeMethods.mj_forward(Model.Pointer, Pointer);
        GC.KeepAlive(this);
    }

    /// <summary>Goes back to the model's initial state, time zero, and no warnings.</summary>
    public void Reset()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        NativeMethods.mj_resetData(Model.Pointer, Pointer);
        GC.KeepAlive(this);
    }

    /// <summary>Fills <see cref="ExternalForces"/>. Does not alter the motion.</summary>
    public void ComputeContactForces()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        NativeMethods.mj_rnePostConstraint(Model.Pointer, Pointer);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (owner is { Lost: true })
        {
            return true;
        }

        NativeMethods.mj_deleteData(Pointer);
        if (holdsModel)
        {
            Model.DangerousRelease();
        }

        return true;
    }

    private int WarningCount(int kind) => *(int*)(Pointer + layout.DataWarning + (layout.WarningBytes * kind) + layout.WarningNumber);

    private double* Array(int offset) => *(double**)(Pointer + offset);

    private Span<double> Open(double* array, int length)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return new Span<double>(array, length);
    }
}
