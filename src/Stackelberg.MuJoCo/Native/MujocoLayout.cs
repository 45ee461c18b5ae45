namespace Stackelberg.MuJoCo.Native;

/// <summary>
/// Byte offsets of the fields of mjModel and mjData this program uses, and the enumeration values, for one version of the engine.
/// </summary>
/// <remarks>
/// The structs change with every release, so a table is chosen by the exact version and checked by <see cref="LayoutProbe"/> before use.
/// Tables are generated from the engine's headers: see <c>Layouts/README.md</c>.
/// </remarks>
internal sealed partial record MujocoLayout
{
    /// <summary>The versions this program can talk to.</summary>
    internal static IReadOnlyList<MujocoLayout> Known { get; } = [V2_2_2];

    /// <summary>What <c>mj_version()</c> returns.</summary>
    internal required int Version { get; init; }

    /// <summary>Bytes of a size field of mjModel (4; 8 from version 3.5.0 on).</summary>
    internal required int SizeBytes { get; init; }

    /// <summary>Bytes of struct mjModel.</summary>
    internal required int ModelBytes { get; init; }

    /// <summary>Bytes of struct mjData.</summary>
    internal required int DataBytes { get; init; }

    /// <summary>Offset of <c>mjModel.nq</c>.</summary>
    internal required int ModelNq { get; init; }

    /// <summary>Offset of <c>mjModel.nv</c>.</summary>
    internal required int ModelNv { get; init; }

    /// <summary>Offset of <c>mjModel.nu</c>.</summary>
    internal required int ModelNu { get; init; }

    /// <summary>Offset of <c>mjModel.na</c>.</summary>
    internal required int ModelNa { get; init; }

    /// <summary>Offset of <c>mjModel.nbody</c>.</summary>
    internal required int ModelNbody { get; init; }

    /// <summary>Offset of <c>mjModel.nsite</c>.</summary>
    internal required int ModelNsite { get; init; }

    /// <summary>Offset of <c>mjModel.ngeom</c>.</summary>
    internal required int ModelNgeom { get; init; }

    /// <summary>Offset of <c>mjModel.opt.timestep</c>.</summary>
    internal required int ModelTimestep { get; init; }

    /// <summary>Offset of <c>mjModel.qpos0</c>.</summary>
    internal required int ModelQpos0 { get; init; }

    /// <summary>Offset of <c>mjModel.body_mass</c>.</summary>
    internal required int ModelBodyMass { get; init; }

    /// <summary>Offset of <c>mjModel.geom_type</c>.</summary>
    internal required int ModelGeomType { get; init; }

    /// <summary>Offset of <c>mjModel.geom_bodyid</c>.</summary>
    internal required int ModelGeomBodyid { get; init; }

    /// <summary>Offset of <c>mjModel.geom_size</c>.</summary>
    internal required int ModelGeomSize { get; init; }

    /// <summary>Offset of <c>mjModel.geom_rgba</c>.</summary>
    internal required int ModelGeomRgba { get; init; }

    /// <summary>Offset of <c>mjModel.actuator_ctrlrange</c>.</summary>
    internal required int ModelActuatorCtrlrange { get; init; }

    /// <summary>Offset of <c>mjData.ncon</c>.</summary>
    internal required int DataNcon { get; init; }

    /// <summary>Offset of <c>mjData.time</c>.</summary>
    internal required int DataTime { get; init; }

    /// <summary>Offset of <c>mjData.qpos</c>.</summary>
    internal required int DataQpos { get; init; }

    /// <summary>Offset of <c>mjData.qvel</c>.</summary>
    internal required int DataQvel { get; init; }

    /// <summary>Offset of <c>mjData.act</c>.</summary>
    internal required int DataAct { get; init; }

    /// <summary>Offset of <c>mjData.ctrl</c>.</summary>
    internal required int DataCtrl { get; init; }

    /// <summary>Offset of <c>mjData.qacc_warmstart</c>.</summary>
    internal required int DataQaccWarmstart { get; init; }

    /// <summary>Offset of <c>mjData.xpos</c>.</summary>
    internal required int DataXpos { get; init; }

    /// <summary>Offset of <c>mjData.xipos</c>.</summary>
    internal required int DataXipos { get; init; }

    /// <summary>Offset of <c>mjData.geom_xpos</c>.</summary>
    internal required int DataGeomXpos { get; init; }

    /// <summary>Offset of <c>mjData.geom_xmat</c>.</summary>
    internal required int DataGeomXmat { get; init; }

    /// <summary>Offset of <c>mjData.site_xpos</c>.</summary>
    internal required int DataSiteXpos { get; init; }

    /// <summary>Offset of <c>mjData.cinert</c>.</summary>
    internal required int DataCinert { get; init; }

    /// <summary>Offset of <c>mjData.cvel</c>.</summary>
    internal required int DataCvel { get; init; }

    /// <summary>Offset of <c>mjData.cfrc_ext</c>.</summary>
    internal required int DataCfrcExt { get; init; }

    /// <summary>Offset of <c>mjData.qfrc_actuator</c>.</summary>
    internal required int DataQfrcActuator { get; init; }

    /// <summary>Offset of <c>mjData.qfrc_constraint</c>.</summary>
    internal required int DataQfrcConstraint { get; init; }

    /// <summary>Offset of <c>mjData.warning</c>.</summary>
    internal required int DataWarning { get; init; }

    /// <summary>Bytes of one warning counter.</summary>
    internal required int WarningBytes { get; init; }

    /// <summary>Offset of the count in a warning counter.</summary>
    internal required int WarningNumber { get; init; }

    /// <summary>Value of <c>mjWARN_BADQPOS</c>.</summary>
    internal required int WarningBadQpos { get; init; }

    /// <summary>Value of <c>mjWARN_BADQVEL</c>.</summary>
    internal required int WarningBadQvel { get; init; }

    /// <summary>Value of <c>mjWARN_BADQACC</c>.</summary>
    internal required int WarningBadQacc { get; init; }

    /// <summary>Value of <c>mjOBJ_BODY</c>.</summary>
    internal required int ObjectBody { get; init; }

    /// <summary>Value of <c>mjOBJ_JOINT</c>.</summary>
    internal required int ObjectJoint { get; init; }

    /// <summary>Value of <c>mjOBJ_GEOM</c>.</summary>
    internal required int ObjectGeom { get; init; }

    /// <summary>Value of <c>mjOBJ_SITE</c>.</summary>
    internal required int ObjectSite { get; init; }

    /// <summary>Value of <c>mjOBJ_ACTUATOR</c>.</summary>
    internal required int ObjectActuator { get; init; }
}
