using System.Diagnostics;
using System.Globalization;
using Stackelberg.Experiments.Replays.Internals;

namespace Stackelberg.Experiments.Replays;

/// <summary>Films a replay page with Chromium and ffmpeg.</summary>
public static class ReplayVideo
{
    private const int FramesPerSecond = 30;
    private const int Width = 960;
    private const int Height = 640;
    private const string Allowed = "--video where Chromium and ffmpeg are on the PATH";
    private const string Next = "sudo apt-get install -y chromium ffmpeg; or leave --video out: the page needs neither";

    /// <summary>Checks that the programs are there.</summary>
    /// <exception cref="ReplayException">One is missing.</exception>
    public static void RequireTools()
    {
        string?[] missing = [Programs.Chromium is null ? "Chromium" : null, Programs.Find("ffmpeg") is null ? "ffmpeg" : null];
        if (missing.Any(m => m is not null))
        {
            throw new ReplayException($"{string.Join(" and ", missing.Where(m => m is not null))} not found, which a video needs", Allowed, Next);
        }
    }

    /// <summary>Films all episodes of a page, one after the other, at the speed of the simulation.</summary>
    /// <param name="page">A page that <see cref="ReplayPage"/> wrote.</param>
    /// <param name="video">The MP4 file to write.</param>
    /// <exception cref="ReplayException">A program is missing or fails.</exception>
    public static void Write(string page, string video)
    {
        RequireTools();
        using var browser = BrowserPage.Open(Programs.Chromium!, page, Width, Height);
        browser.Evaluate("replay.bare()");
        double stepSeconds = (double)browser.Evaluate("replay.stepSeconds")!;
        int[] steps = [.. browser.Evaluate("replay.steps")!.AsArray().Select(s => (int)s!)];
        using Process encoder = StartEncoder(video);
        Task<string> complaints = encoder.StandardError.ReadToEndAsync();
        try
        {
            using Stream pipe = encoder.StandardInput.BaseStream;
            for (int episode = 0; episode < steps.Length; episode++)
            {
                foreach (double position in Positions(steps[episode], stepSeconds))
                {
                    browser.Evaluate(string.Create(CultureInfo.InvariantCulture, $"replay.show({episode}, {position:R})"));
                    pipe.Write(browser.Screenshot());
                }
            }
        }
        catch (IOException) when (encoder.WaitForExit(TimeSpan.FromSeconds(5)) && encoder.ExitCode != 0)
        {
            // the encoder has ended early; what it says is reported below
        }

        encoder.WaitForExit();
        if (encoder.ExitCode != 0)
        {
            throw new ReplayException($"ffmpeg cannot write '{video}': {complaints.Result.Trim()}", "a path that can be written, ending in .mp4", "give another path with --video");
        }
    }

    /// <summary>The positions, in steps, that the frames of an episode show; the last is its end.</summary>
    internal static IEnumerable<double> Positions(int steps, double stepSeconds)
    {
        int frames = (int)Math.Ceiling((steps * stepSeconds * FramesPerSecond) - 1e-6);
        for (int frame = 0; frame < frames; frame++)
        {
            yield return frame / (stepSeconds * FramesPerSecond);
        }

        yield return steps;
    }

    private static Process StartEncoder(string video)
    {
        ProcessStartInfo start = new(Programs.Find("ffmpeg")!) { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string argument in new[]
        {
            "-y", "-loglevel", "error", "-f", "image2pipe", "-framerate", $"{FramesPerSecond}", "-c:v", "png", "-i", "-", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "21",
            "-preset", "veryfast", "-movflags", "+faststart", "-f", "mp4", Path.GetFullPath(video),
        })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
