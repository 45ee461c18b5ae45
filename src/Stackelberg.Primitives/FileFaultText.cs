namespace Stackelberg.Primitives;

/// <summary>Says why a file or folder could not be read or written, in plain words in place of the runtime's.</summary>
public static class FileFaultText
{
    // numbers of Linux, which the runtime keeps beside its own message
    private const int NotPermitted = 1, NoSuchDevice = 6, Denied = 13, Exists = 17, NoDevice = 19, NotAFolder = 20, IsAFolder = 21, TooManyInSystem = 23, TooManyFiles = 24, TooLarge = 27,
        NoSpace = 28, ReadOnly = 30, NameTooLong = 36, Circle = 40, QuotaReached = 122;

    /// <summary>The reason, without a full stop.</summary>
    /// <param name="fault">What the runtime threw.</param>
    /// <param name="path">The path that was used, where there is one: of a folder in a file's place the runtime says that access is denied, of a file in a folder's that there is none.</param>
    public static string Of(Exception fault, string? path = null) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => FileAbove(path) is { } file ? $"'{file}' is a file, not a folder" : "there is no such file or folder",
        PathTooLongException => "the path is too long",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder, or one that this user may not use",
        UnauthorizedAccessException => "this user may not do that there",
        IOException => OfNumber(fault.HResult) ?? Before(fault.Message, " : '").TrimEnd('.'),
        // how the runtime reports a limit on the size of files
        ArgumentOutOfRangeException { ParamName: "value" } when fault.Message.StartsWith("Specified argument", StringComparison.Ordinal) => "the file would be larger than allowed",
        ArgumentException => Before(fault.Message, " (Parameter '").TrimEnd('.'),
        _ => fault.Message,
    };

    private static string? OfNumber(int number) => number switch
    {
        NoSpace => "no space is left on the disk",
        QuotaReached => "this user's quota of the disk is used up",
        TooLarge => "the file would be larger than allowed",
        ReadOnly => "the disk can only be read",
        NotPermitted or Denied => "this user may not do that there",
        Exists or NotAFolder => "a file is where a folder is meant",
        IsAFolder => "a folder is where a file is meant",
        TooManyFiles or TooManyInSystem => "too many files are open",
        NameTooLong => "the path is too long",
        Circle => "its links go round in a circle",
        NoSuchDevice or NoDevice => "the device is not there",
        _ => null,
    };

    /// <summary>What lies on the way to a path, or ends it, and is a file.</summary>
    private static string? FileAbove(string? path)
    {
        while (!string.IsNullOrEmpty(path) && !File.Exists(path))
        {
            path = Path.GetDirectoryName(path);
        }

        return string.IsNullOrEmpty(path) ? null : path;
    }

    private static string Before(string message, string tail) => message.IndexOf(tail, StringComparison.Ordinal) is >= 0 and var at ? message[..at] : message;
}
