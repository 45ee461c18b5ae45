using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Native;

/// <content>
/// Saving and loading. Positions, velocities, activations, the solver's warm start and the time determine every later step bit for bit; all else the
/// engine computes anew. What a step computed (positions of bodies, contacts, forces) is not restored: it is undefined from <see cref="Load"/> until the next step.
/// </content>
public sealed unsafe partial class MjData : IStateful
{
    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("time", Time);
        writer.WriteArray("qpos", Qpos);
        writer.WriteArray("qvel", Qvel);
        writer.WriteArray("activations", Activations);
        writer.WriteArray("qacc_warmstart", QaccWarmstart);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Reset();
        *(double*)(Pointer + layout.DataTime) = reader.ReadDouble("time");
        reader.ReadArray("qpos", Qpos);
        reader.ReadArray("qvel", Qvel);
        reader.ReadArray("activations", Activations);
        reader.ReadArray("qacc_warmstart", QaccWarmstart);
    }
}
