using Stackelberg.MuJoCo.Native;

namespace Stackelberg.MuJoCo.Tasks;

/// <summary>What is observed and measured of the humanoid, standing or lying.</summary>
internal static class HumanoidBody
{
    /// <summary>Numbers per observation when no position is left out.</summary>
    internal const int ObservationSize = 24 + 23 + (14 * 10) + (14 * 6) + 23 + (14 * 6);

    /// <summary>Leading coordinates an observation leaves out unless told otherwise: the position over the floor.</summary>
    internal const int HiddenPositions = 2;

    internal const int EngineStepsPerStep = 5;

    /// <summary>Writes what follows coordinates and velocities: inertias, body velocities, actuator forces, external forces.</summary>
    internal static void ObserveBodies(MjData data, Span<double> observation)
    {
        Append(data.BodyInertias, ref observation);
        Append(data.BodyVelocities, ref observation);
        Append(data.ActuatorForces, ref observation);
        Append(data.ExternalForces, ref observation);
    }

    /// <summary>The centre of mass along x, in metres.</summary>
    internal static double CentreOfMass(MjData data)
    {
        ReadOnlySpan<double> masses = data.Model.BodyMass;
        ReadOnlySpan<double> centres = data.BodyCentresOfMass;
        double moment = 0;
        double mass = 0;
        for (int body = 0; body < masses.Length; body++)
        {
            moment += masses[body] * centres[3 * body];
            mass += masses[body];
        }

        return moment / mass;
    }

    private static void Append(ReadOnlySpan<double> values, ref Span<double> rest)
    {
        values.CopyTo(rest);
        rest = rest[values.Length..];
    }
}
