using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Stackelberg.Experiments.Benchmarks;

/// <summary>Runs PyTorch scripts, each of which prints one JSON line with its times.</summary>
public sealed class PeerScripts
{
    private readonly string folder;
    private readonly string python;

    private PeerScripts(string folder, string python, string version)
    {
        this.folder = folder;
        this.python = python;
        Version = version;
    }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Looks for a Python with PyTorch.</summary>
    /// <param name="folder">The scripts.</param>
    /// <param name="reason">Why there are no peers; empty when there are.</param>
    public static PeerScripts? Find(string folder, out string reason)
    {
        reason = "";
        if (!Directory.Exists(folder))
        {
            reason = $"the folder '{folder}' does not exist; give another with --peers";
            return null;
        }

        foreach (string python in new[] { "python3", "/usr/bin/python3" })
        {
            (int code, string output, string error) = Run(python, folder, ["-c", "import torch, scipy; print(torch.__version__)"]);
            if (code == 0)
            {
                return new PeerScripts(folder, python, output.Trim());
            }

            reason = error.Length > 0 ? error.TrimEnd().Split('\n')[^1] : $"'{python}' ended with code {code}";
        }

        reason += "; on Debian: apt-get install python3-torch python3-scipy libopenblas0-pthread";
        return null;
    }

    /// <summary>Runs a script.</summary>
    /// <returns>Its JSON line; null with a reason when there is none.</returns>
    public JsonElement? Run(string script, string arguments, out string reason)
    {
        reason = "";
        if (!File.Exists(Path.Combine(folder, script)))
        {
            reason = $"{script} is not in {folder}";
            return null;
        }

        (int code, string output, string error) = Run(python, folder, [script, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        string line = output.TrimEnd().Split('\n')[^1];
        try
        {
            if (code == 0)
            {
                return JsonDocument.Parse(line).RootElement;
            }

            reason = $"{script} ended with code {code}: {error.TrimEnd().Split('\n')[^1]}";
        }
        catch (JsonException)
        {
            reason = $"{script} did not print a JSON line but '{line}'";
        }

        return null;
    }

    /// <summary>The number at a path such as <c>rows/3/forward_us</c>; NaN when it is not there.</summary>
    public static double Number(JsonElement element, string path)
    {
        foreach (string part in path.Split('/'))
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                int index = int.Parse(part, CultureInfo.InvariantCulture);
                if (index >= element.GetArrayLength())
                {
                    return double.NaN;
                }

                element = element[index];
            }
            else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element))
            {
                return double.NaN;
            }
        }

        return element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN;
    }

    private static (int Code, string Output, string Error) Run(string program, string folder, string[] arguments)
    {
        ProcessStartInfo start = new(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            return (-1, "", $"'{program}' cannot be started: {(e.NativeErrorCode == 2 ? "there is no such program" : "the system refuses it")}");
        }
    }
}
