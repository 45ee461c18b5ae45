namespace Stackelberg.Experiments.Checkpoints;

/// <summary>The files of a checkpoint that this process has written, or has compared with their hashes: later ones may share them.</summary>
internal sealed class EarlierFiles
{
    private readonly string folder;
    private readonly HashSet<FileRecord> records;

    private EarlierFiles(string folder, HashSet<FileRecord> records) => (this.folder, this.records) = (folder, records);

    /// <summary>Reads the list of a checkpoint; null where that is not possible.</summary>
    public static EarlierFiles? Of(string folder)
    {
        try
        {
            return new EarlierFiles(folder, [.. StateFile.Files(StateFile.Read(folder).Root)]);
        }
        catch (CheckpointException)
        {
            return null;
        }
    }

    /// <summary>The path of a file of the same name and content, or null where there is none, or where it has not the length it should have.</summary>
    public string? PathOf(FileRecord record)
    {
        string path = Path.Combine(folder, record.Name);
        return records.Contains(record) && new FileInfo(path) is { Exists: true } file && file.Length == record.Bytes ? path : null;
    }
}
