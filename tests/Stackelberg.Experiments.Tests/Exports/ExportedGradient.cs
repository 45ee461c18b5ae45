using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Stackelberg.Experiments.Tests.Exports;

/// <summary>An export read from its files alone, and its objectives written out number by number.</summary>
internal sealed class ExportedGradient
{
    private readonly Dictionary<string, (int[] Shape, double[] Values)> batch;

    public ExportedGradient(string folder)
    {
        Options = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "options.json"))).RootElement;
        batch = Arrays(Path.Combine(folder, "batch.npz"));
        Results = Arrays(Path.Combine(folder, "hypergradient.npz"));
        Networks = Directory.GetFiles(folder, "*.safetensors").ToDictionary(p => Path.GetFileNameWithoutExtension(p), Tensors);
    }

    public JsonElement Options { get; }

    public IReadOnlyDictionary<string, (int[] Shape, double[] Values)> Batch => batch;

    public Dictionary<string, (int[] Shape, double[] Values)> Results { get; }

    /// <summary>Weight and bias of each layer, in turn.</summary>
    public Dictionary<string, List<(int[] Shape, double[] Values)>> Networks { get; }

    public int Rows => Text("batch_size").GetInt32();

    public bool IsSac => Text("base").GetString() == "sac";

    public JsonElement Text(string key) => Options.GetProperty(key);

    public double[] Result(string name) => Results[name].Values;

    /// <summary>The networks' parameters, flattened as the page of the export says.</summary>
    public double[] Flatten(string list) =>
        [.. Text(list).EnumerateArray().SelectMany(n => Networks[n.GetString()!]).SelectMany(t => t.Values)];

    /// <summary>Central differences along the parameters of the networks of a list.</summary>
    public double[] Differences(string list, Func<double> value, double step = 1e-5)
    {
        var result = new List<double>();
        foreach ((int[] _, double[] values) in Text(list).EnumerateArray().SelectMany(n => Networks[n.GetString()!]))
        {
            for (int i = 0; i < values.Length; i++)
            {
                double kept = values[i];
                values[i] = kept + step;
                double above = value();
                values[i] = kept - step;
                result.Add((above - value()) / (2 * step));
                values[i] = kept;
            }
        }

        return [.. result];
    }

    /// <summary>y of row i.</summary>
    public double Target(int i)
    {
        double[] next = Row("next_observations", i);
        string actor = Text("target_policy").GetString() == "current" ? "actor" : "target_actor";
        (double[] action, double log) = Act(actor, next, IsSac ? Row("next_epsilon", i) : []);
        if (batch.ContainsKey("noise"))
        {
            (double deviation, double limit) = (Text("target_noise").GetDouble(), Text("noise_clip").GetDouble());
            double[] noise = Row("noise", i);
            for (int j = 0; j < action.Length; j++)
            {
                (double centre, double half) = (Number("action_centre", j), Number("action_half_range", j));
                action[j] = Math.Clamp(action[j] + (half * Math.Clamp(deviation * noise[j], -limit, limit)), centre - half, centre + half);
            }
        }

        double value = Networks.Keys.Where(n => n.StartsWith("target_critic", StringComparison.Ordinal)).Min(n => Value(n, next, action));
        double future = batch["terminated"].Values[i] == 1 ? 0 : value - (Text("alpha").GetDouble() * log);
        return batch["rewards"].Values[i] + (Text("gamma").GetDouble() * future);
    }

    /// <summary>mean (α log π − min Q), the actor's loss.</summary>
    public double ActorLoss() => Enumerable.Range(0, Rows).Average(i =>
    {
        double[] s = Row("observations", i);
        (double[] action, double log) = Act("actor", s, IsSac ? Row("epsilon", i) : []);
        return (Text("alpha").GetDouble() * log) - Critics().Min(c => Value(c, s, action));
    });

    /// <summary>Critics of the actor's loss.</summary>
    public IEnumerable<string> Critics() => Text("actor_critics").GetInt32() == 1 ? ["critic"] : ["critic", "critic2"];

    public double Value(string critic, double[] s, double[] a) => Run(Networks[critic], "critic", [.. s, .. a])[0];

    public double[] Row(string name, int i)
    {
        int width = batch[name].Shape[1];
        return batch[name].Values[(i * width)..((i + 1) * width)];
    }

    private (double[] Action, double LogProbability) Act(string actor, double[] s, double[] epsilon)
    {
        double[] output = Run(Networks[actor], "actor", s);
        if (!IsSac)
        {
            return ([.. output.Select((u, j) => Number("action_centre", j) + (Number("action_half_range", j) * u))], 0);
        }

        double log = 0;
        double[] action = new double[epsilon.Length];
        for (int j = 0; j < action.Length; j++)
        {
            double logStd = Math.Clamp(output[action.Length + j], Number("log_std_range", 0), Number("log_std_range", 1));
            double t = Math.Tanh(output[j] + (Math.Exp(logStd) * epsilon[j]));
            action[j] = Number("action_centre", j) + (Number("action_half_range", j) * t);
            log -= (epsilon[j] * epsilon[j] / 2) + logStd + (Math.Log(2 * Math.PI) / 2) + Math.Log(1 - (t * t));
        }

        return (action, log);
    }

    private double Number(string key, int i) => Text(key)[i].GetDouble();

    /// <summary>A network's output; what lies behind its layers is left out.</summary>
    public double[] Run(List<(int[] Shape, double[] Values)> network, string form, double[] x)
    {
        int end = network.Count / 2 * 2;
        for (int layer = 0; layer < end; layer += 2)
        {
            ((int[] shape, double[] weight), (_, double[] bias)) = (network[layer], network[layer + 1]);
            string activation = Text(form).GetProperty(layer + 2 == end ? "output_activation" : "hidden_activation").GetString()!;
            double[] y = new double[shape[0]];
            for (int o = 0; o < y.Length; o++)
            {
                double sum = bias[o];
                for (int k = 0; k < x.Length; k++)
                {
                    sum += weight[(o * shape[1]) + k] * x[k];
                }

                y[o] = activation switch { "tanh" => Math.Tanh(sum), "relu" => Math.Max(sum, 0), _ => sum };
            }

            x = y;
        }

        return x;
    }

    private static List<(int[] Shape, double[] Values)> Tensors(string path)
    {
        byte[] data = File.ReadAllBytes(path);
        int size = (int)BinaryPrimitives.ReadInt64LittleEndian(data);
        JsonElement header = JsonDocument.Parse(data.AsMemory(8, size)).RootElement;
        var tensors = new List<(int[], double[])>();
        for (int layer = 0; header.TryGetProperty($"layers.{layer}.weight", out JsonElement weight); layer++)
        {
            Add(weight);
            Add(header.GetProperty($"layers.{layer}.bias"));
        }

        if (header.TryGetProperty("log_std", out JsonElement logStd))
        {
            Add(logStd);
        }

        return tensors;

        void Add(JsonElement entry)
        {
            entry.GetProperty("dtype").GetString().ShouldBe("F64");
            (int begin, int end) = (entry.GetProperty("data_offsets")[0].GetInt32(), entry.GetProperty("data_offsets")[1].GetInt32());
            tensors.Add((
                [.. entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())],
                MemoryMarshal.Cast<byte, double>(data.AsSpan(8 + size + begin, end - begin)).ToArray()));
        }
    }

    private static Dictionary<string, (int[] Shape, double[] Values)> Arrays(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, (int[], double[])>();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream from = entry.Open();
            using var to = new MemoryStream();
            from.CopyTo(to);
            byte[] data = to.ToArray();
            int length = 10 + BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(8));
            string header = Encoding.ASCII.GetString(data, 10, length - 10);
            int[] shape = [.. Regex.Match(header, @"\(([^)]*)\)").Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            double[] values = header.Contains("'|b1'", StringComparison.Ordinal)
                ? [.. data[length..].Select(b => (double)b)]
                : header.Contains("'<i8'", StringComparison.Ordinal) ? [.. MemoryMarshal.Cast<byte, long>(data.AsSpan(length)).ToArray().Select(n => (double)n)]
                : MemoryMarshal.Cast<byte, double>(data.AsSpan(length)).ToArray();
            arrays.Add(Path.GetFileNameWithoutExtension(entry.FullName), (shape, values));
        }

        return arrays;
    }
}
