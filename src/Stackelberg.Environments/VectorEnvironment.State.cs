using Stackelberg.Primitives;

namespace Stackelberg.Environments;

public sealed partial class VectorEnvironment
{
    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        StateWriter group = writer.Group("copies");
        for (int i = 0; i < copies.Length; i++)
        {
            OnCopy(i, index => group.Write($"{index}", copies[index]));
        }

        writer.Write("count", (long)copies.Length);
        writer.Write("ready", ready);
        writer.WriteArray("observations", observations);
        writer.WriteArray("final_observations", finalObservations);
        writer.WriteArray("rewards", rewards);
        writer.WriteArray("terminated", Bytes(terminated));
        writer.WriteArray("truncated", Bytes(truncated));
        writer.WriteArray("episode_returns", episodeReturns);
        writer.WriteArray("episode_lengths", episodeLengths);
        if (normalisation is not null)
        {
            writer.Write("normalisation", normalisation);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="StateException">The state is of another number of copies.</exception>
    public void Load(StateReader reader)
    {
        long count = reader.ReadInt64("count");
        if (count != copies.Length)
        {
            throw new StateException($"The saved vector environment has {count} copies, this one {copies.Length}; make as many as were saved.");
        }

        StateReader group = reader.Group("copies");
        for (int i = 0; i < copies.Length; i++)
        {
            OnCopy(i, index => group.Read($"{index}", copies[index]));
        }

        ready = reader.ReadBoolean("ready");
        reader.ReadArray("observations", observations);
        reader.ReadArray("final_observations", finalObservations);
        reader.ReadArray("rewards", rewards);
        ReadFlags(reader, "terminated", terminated);
        ReadFlags(reader, "truncated", truncated);
        reader.ReadArray("episode_returns", episodeReturns);
        reader.ReadArray("episode_lengths", episodeLengths);
        for (int i = 0; i < copies.Length; i++)
        {
            ended[i] = terminated[i] || truncated[i];
        }

        if (normalisation is not null)
        {
            reader.Read("normalisation", normalisation);
        }
    }

    private static byte[] Bytes(bool[] flags) => Array.ConvertAll(flags, f => f ? (byte)1 : (byte)0);

    private static void ReadFlags(StateReader reader, string key, bool[] into)
    {
        byte[] bytes = new byte[into.Length];
        reader.ReadArray(key, bytes);
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = bytes[i] != 0;
        }
    }
}
