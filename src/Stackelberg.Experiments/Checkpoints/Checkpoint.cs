using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>A checkpoint that was opened and found sound.</summary>
internal sealed class Checkpoint
{
    private readonly JsonElement root;
    private readonly Dictionary<string, IReadOnlyDictionary<string, NamedTensor>> tensors = new(StringComparer.Ordinal);

    private Checkpoint(CheckpointInfo info, JsonElement root)
    {
        Info = info;
        this.root = root;
    }

    public CheckpointInfo Info { get; }

    /// <summary>Opens a checkpoint folder and verifies every file in it.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged; the message names the file.</exception>
    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"There is no checkpoint '{folder}'.");
        }

        (JsonElement root, string hash) = StateFile.Read(folder);
        StateFile.VerifyFiles(folder, root);
        long step = root.GetProperty("step").GetInt64();
        return CheckpointStore.StepOf(folder) is not { } named || named == step
            ? new Checkpoint(new CheckpointInfo(step, folder, hash), root)
            : throw new CheckpointException($"The checkpoint '{folder}' is of step {step}, which its name denies.");
    }

    /// <summary>The state saved under <paramref name="name"/>.</summary>
    public StateReader Section(string name) => root.TryGetProperty(name, out JsonElement section)
        ? new CheckpointStateReader(Info.Path, tensors, section, name)
        : throw new CheckpointException($"The checkpoint '{Info.Path}' has no section '{name}'.");
}
