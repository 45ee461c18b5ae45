using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Stackelberg.MuJoCo;

namespace Stackelberg.Experiments.Benchmarks;

/// <summary>The random-action loop in C, <c>benchmarks/mujoco/physics_loop.c</c>, compiled and run on our own models.</summary>
public sealed class PhysicsPeer : IDisposable
{
    private const string Source = "physics_loop.c";

    private readonly DirectoryInfo workplace;

    private PhysicsPeer(DirectoryInfo workplace) => this.workplace = workplace;

    private string Program => Path.Combine(workplace.FullName, "physics_loop");

    /// <summary>Compiles the program with <c>cc -O2</c> in a temporary folder.</summary>
    /// <param name="folder">Where its source lies.</param>
    /// <param name="reason">Why there is no peer; empty when there is.</param>
    public static PhysicsPeer? Build(string folder, out string reason)
    {
        reason = "";
        string source = Path.GetFullPath(Path.Combine(folder, Source));
        if (!File.Exists(source))
        {
            reason = $"{Source} is not in '{folder}'; give another folder with --peers";
            return null;
        }

        PhysicsPeer peer = new(Directory.CreateTempSubdirectory("stackelberg-physics-"));
        (int code, _, string error) = Execute("cc", ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2", source, "-o", peer.Program, "-lmujoco", "-lm"]);
        if (code == 0)
        {
            peer.WriteModels();
            return peer;
        }

        peer.Dispose();
        string first = error.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal)) ?? error.TrimEnd();
        reason = $"{Source} cannot be compiled ({first.Trim()}); on Debian: apt-get install gcc libmujoco-dev";
        return null;
    }

    /// <summary>The file name of a task's model: <c>HalfCheetah-v4</c> has <c>half_cheetah.xml</c>.</summary>
    public static string ModelOf(string task)
    {
        StringBuilder name = new();
        foreach (char letter in task[..task.IndexOf("-v", StringComparison.Ordinal)])
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        }

        return name.Append(".xml").ToString();
    }

    /// <summary>Runs the loop of a task.</summary>
    /// <returns>What it measured; null with a reason when it failed.</returns>
    public PhysicsSpeed? Run(string task, double seconds, ulong seed, out string reason)
    {
        reason = "";
        (int code, string output, string error) = Execute(
            Program, [task, Path.Combine(workplace.FullName, ModelOf(task)), seconds.ToString("R", CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture)]);
        if (code != 0)
        {
            reason = $"physics_loop ended with code {code}: {error.TrimEnd()}";
            return null;
        }

        JsonElement line = JsonDocument.Parse(output).RootElement;
        return new PhysicsSpeed(
            line.GetProperty("steps").GetInt64(), line.GetProperty("episodes").GetInt64(), line.GetProperty("cpu_seconds").GetDouble(),
            line.GetProperty("mean_reward").GetDouble());
    }

    /// <summary>Deletes what was compiled.</summary>
    public void Dispose() => workplace.Delete(recursive: true);

    private void WriteModels()
    {
        const string folder = ".Models.";
        Assembly assembly = typeof(MujocoTasks).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(r => r.Contains(folder, StringComparison.Ordinal)))
        {
            string name = resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..];
            using Stream from = assembly.GetManifestResourceStream(resource)!;
            using FileStream to = File.Create(Path.Combine(workplace.FullName, name));
            from.CopyTo(to);
        }
    }

    private static (int Code, string Output, string Error) Execute(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
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
