using System.Globalization;

namespace Stackelberg.Faults.Framework;

/// <summary>What is tried, how often, and where.</summary>
public sealed record CampaignOptions
{
    /// <summary>Tries of each kind; null for each kind's own number.</summary>
    public int? Tries { get; init; }

    /// <summary>Root of all choices.</summary>
    public ulong Seed { get; init; }

    /// <summary>The one try to make, of all those with this seed.</summary>
    public int? Only { get; init; }

    /// <summary>How long one call may take.</summary>
    public double SecondsPerTry { get; init; } = 10;

    /// <summary>Processes that try side by side.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the tries are made; memory where there is a file system in it.</summary>
    public string Scratch { get; init; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    /// <summary>Receives the folder and the story of every try that broke a promise.</summary>
    public string? Keep { get; init; }

    /// <summary>Receives the counts and the broken promises.</summary>
    public string? Json { get; init; }

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    /// <exception cref="ArgumentException">A flag is unknown, or its value is no number.</exception>
    public static CampaignOptions Parse(IReadOnlyList<string> flags)
    {
        CampaignOptions options = new();
        for (int i = 0; i < flags.Count; i += 2)
        {
            string value = i + 1 < flags.Count ? flags[i + 1] : throw new ArgumentException($"'{flags[i]}' needs a value");
            options = flags[i] switch
            {
                "--tries" => options with { Tries = (int)Number(flags[i], value) },
                "--seed" => options with { Seed = (ulong)Number(flags[i], value) },
                "--only" => options with { Only = (int)Number(flags[i], value) },
                "--seconds-per-try" => options with { SecondsPerTry = Number(flags[i], value) },
                "--workers" => options with { Workers = Math.Max(1, (int)Number(flags[i], value)) },
                "--scratch" => options with { Scratch = Path.GetFullPath(value) },
                "--keep" => options with { Keep = Path.GetFullPath(value) },
                "--json" => options with { Json = Path.GetFullPath(value) },
                _ => throw new ArgumentException($"'{flags[i]}' is not known"),
            };
        }

        return options;
    }

    private static double Number(string flag, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"{flag} cannot be '{text}': a number ≥ 0 is wanted");
}
