using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Stackelberg.Cli.Internals;
using Stackelberg.MuJoCo;
using Stackelberg.Tensors;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>doctor</c>.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("doctor", "Examines this machine: processor, vector width, physics, optional tools.") { json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Finding> findings = Examine();
            if (parsed.GetValue(json))
            {
                Json.Write(Console.Out, w =>
                {
                    w.WriteString("command", "doctor");
                    w.WriteStartArray("findings");
                    foreach (Finding finding in findings)
                    {
                        w.WriteStartObject();
                        w.WriteString("name", finding.Name);
                        w.WriteBoolean("ok", finding.Ok);
                        w.WriteString("value", finding.Value);
                        w.WriteEndObject();
                    }

                    w.WriteEndArray();
                });
            }
            else
            {
                foreach (Finding finding in findings)
                {
                    Console.Out.WriteLine($"{(finding.Ok ? "ok     " : "missing")}  {finding.Name,-14} {finding.Value}");
                }
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static IReadOnlyList<Finding> Examine() =>
    [
        new("program", true, $"stackelberg {typeof(DoctorVerb).Assembly.GetName().Version?.ToString(3)}"),
        new("runtime", true, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}"),
        new("processor", true, $"{ProcessorName()}, {Environment.ProcessorCount} threads"),
        new("vectors", Vector256.IsHardwareAccelerated, Vectors()),
        Physics(),
        Tool("python3", "only 'stackelberg bench' uses it, to compare with PyTorch"),
    ];

    private static Finding Physics() => MujocoLibrary.TryLoad(out string reason)
        ? new Finding("mujoco", true, $"{MujocoLibrary.Version}, {MujocoLibrary.Location}")
        : new Finding("mujoco", false, reason);

    private static string Vectors()
    {
        string width = SimdSupport.Width == 0 ? "none" : $"{SimdSupport.Name} bits";
        string forced = Environment.GetEnvironmentVariable(SimdSupport.Variable) is { Length: > 0 } text ? $"; {SimdSupport.Variable}={text}" : "";
        return $"{width}{(Fma.IsSupported ? ", fused multiply-add" : "")}{forced}";
    }

    private static string ProcessorName()
    {
        const string Key = "model name";
        try
        {
            string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
            return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (IOException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }

    private static Finding Tool(string name, string purpose)
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
        return new Finding(name, found is not null, found ?? $"not found; {purpose}");
    }

    private sealed record Finding(string Name, bool Ok, string Value);
}
