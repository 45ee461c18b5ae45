using System.Text;

namespace Stackelberg.Bilevel;

/// <summary>A form that games are written in.</summary>
public enum GameFileFormat
{
    /// <summary>JSON: two matrices <c>leader</c> and <c>follower</c> (or <c>A</c> and <c>B</c>), or <c>players</c>, <c>actions</c>, <c>payoffs</c>.</summary>
    Json,

    /// <summary>Gambit's normal form, <c>.nfg</c>: payoff and outcome version.</summary>
    Nfg,

    /// <summary>The input of lrsnash: both dimensions, the leader's matrix, the follower's.</summary>
    Lrs,

    /// <summary>Two blocks of values with commas between, a blank line between the blocks.</summary>
    Csv,
}

/// <summary>Reads and writes games. Numbers stay exact: 0.1 is 1/10, and <c>1/3</c> may be written.</summary>
/// <remarks>
/// What a text begins with decides how it is read: <c>{</c> is JSON and <c>NFG</c> Gambit's form; of the others <c>.csv</c> or a comma somewhere means
/// CSV, anything else lrs. Files of up to 64 MiB and games as large as <see cref="NormalFormGame"/> allows are read.
/// </remarks>
public static class GameFile
{
    private const int MostBytes = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="GameFormatException">It is no game; the message names file, line and column.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static NormalFormGame Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        return Parse(Decode(bytes, path), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="source">What messages call it; its extension helps to tell CSV from lrs.</param>
    /// <exception cref="GameFormatException">It is no game; the message names source, line and column.</exception>
    public static NormalFormGame Parse(string text, string source = "game")
    {
        ArgumentNullException.ThrowIfNull(text);
        GameFileFormat format = Recognise(text, Path.GetExtension(source));
        GameText named = new(text, source, NameOf(format));
        if (string.IsNullOrWhiteSpace(text))
        {
            throw named.Fault(0, "the file is empty");
        }

        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and int zero)
        {
            throw named.Fault(zero, "a zero byte");
        }

        return format switch
        {
            GameFileFormat.Json => new JsonGameReader(named).Read(),
            GameFileFormat.Nfg => new NfgReader(named).Read(),
            GameFileFormat.Csv => PlainGameReader.ReadCsv(named),
            _ => PlainGameReader.ReadLrs(named),
        };
    }

    /// <summary>Writes a game; what is read from the text is the game again, but for names in the forms that have none.</summary>
    /// <exception cref="ArgumentException">lrs and CSV were asked for and there are not two players.</exception>
    public static string Write(NormalFormGame game, GameFileFormat format) => format switch
    {
        GameFileFormat.Json => GameWriter.Json(game),
        GameFileFormat.Nfg => GameWriter.Nfg(game),
        _ when game.Players.Count != 2 => throw new ArgumentException($"{NameOf(format)} holds two players; the game has {game.Players.Count}. Write .nfg or .json.", nameof(format)),
        GameFileFormat.Csv => GameWriter.Csv(game),
        _ => GameWriter.Lrs(game),
    };

    /// <summary>The form that a file is written in by its extension: <c>.nfg</c>, <c>.json</c>, <c>.lrs</c> or <c>.csv</c>; null for others.</summary>
    public static GameFileFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => GameFileFormat.Json,
        ".nfg" => GameFileFormat.Nfg,
        ".csv" => GameFileFormat.Csv,
        ".lrs" => GameFileFormat.Lrs,
        _ => null,
    };

    private static GameFileFormat Recognise(string text, string extension)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        return start.StartsWith("{") || start.StartsWith("[") ? GameFileFormat.Json
            : start.StartsWith("NFG", StringComparison.OrdinalIgnoreCase) ? GameFileFormat.Nfg
            : FormatOf($"game{extension}") ?? (start.Contains(',') ? GameFileFormat.Csv : GameFileFormat.Lrs);
    }

    private static string NameOf(GameFileFormat format) => format switch
    {
        GameFileFormat.Json => "JSON",
        GameFileFormat.Nfg => "Gambit .nfg",
        GameFileFormat.Csv => "two-block CSV",
        _ => "lrs text",
    };

    // by chunks, because what is opened may be a device without end
    private static byte[] ReadBytes(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using MemoryStream bytes = new();
        byte[] chunk = new byte[1 << 16];
        while (file.Read(chunk) is > 0 and int count)
        {
            bytes.Write(chunk, 0, count);
            if (bytes.Length > MostBytes)
            {
                throw new GameFormatException(path, 1, 1, "text", $"the file is larger than {MostBytes >> 20} MiB");
            }
        }

        return bytes.ToArray();
    }

    private static string Decode(byte[] bytes, string path)
    {
        UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        ReadOnlySpan<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            return strict.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            string before = Encoding.UTF8.GetString(content[..Math.Clamp(e.Index, 0, content.Length)]);
            throw new GameText(before, path, "UTF-8").Fault(before.Length, "a byte that is no text");
        }
    }
}
