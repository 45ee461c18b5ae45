using System.Text.Encodings.Web;
using System.Text.Json;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Exports.Internals;

/// <summary>
/// The file <c>options.json</c> of an export. Options have the names and words they have in a configuration; numbers JSON has no word for are null.
/// What belongs to a method comes from the snapshot as it is.
/// </summary>
internal static class ExportOptions
{
    private const string Format = "stackelberg-hypergradient-1";

    private const string ParameterOrder =
        "the networks named, one after the other; each layer by layer, weight [outputs, inputs] row by row, then bias";

    private static readonly JsonWriterOptions Form = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, LeaderGradientSnapshot snapshot, RunPlan plan, string checkpoint)
    {
        using Utf8JsonWriter json = new(stream, Form);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("algorithm", plan.Algorithm);
        json.WriteString("environment", plan.Environment);
        json.WriteNumber("seed", plan.Seed);
        json.WriteString("checkpoint", checkpoint);
        json.WriteNumber("step", snapshot.Steps);
        WriteSettings(json, snapshot.Objectives);
        WriteNetwork(json, "actor", snapshot.ActorLayout);
        WriteNetwork(json, "critic", snapshot.CriticLayout);
        WriteGame(json, snapshot);
        WriteHypergradient(json, snapshot);
        WriteResult(json, snapshot);
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, IReadOnlyList<NamedSetting> settings)
    {
        foreach ((string name, object value) in settings)
        {
            switch (value)
            {
                case IReadOnlyList<NamedSetting> group:
                    json.WriteStartObject(name);
                    WriteSettings(json, group);
                    json.WriteEndObject();
                    break;
                case double[] numbers:
                    WriteNumbers(json, name, numbers);
                    break;
                case double number:
                    WriteNumber(json, name, number);
                    break;
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case bool truth:
                    json.WriteBoolean(name, truth);
                    break;
                case string text:
                    json.WriteString(name, text);
                    break;
                case Enum choice:
                    json.WriteString(name, OptionEntry.KebabCase(choice.ToString()));
                    break;
                default:
                    throw new InvalidOperationException($"The setting '{name}' is a {value.GetType().Name}, which exports have no form for.");
            }
        }
    }

    private static void WriteNetwork(Utf8JsonWriter json, string name, MlpLayout layout)
    {
        json.WriteStartObject(name);
        WriteNumbers(json, "widths", Array.ConvertAll(layout.Widths, static w => (double)w));
        json.WriteString("hidden_activation", OptionEntry.KebabCase(layout.HiddenActivation.ToString()));
        json.WriteString("output_activation", OptionEntry.KebabCase(layout.OutputActivation.ToString()));
        json.WriteEndObject();
    }

    private static void WriteGame(Utf8JsonWriter json, LeaderGradientSnapshot snapshot)
    {
        json.WriteString("leader", OptionEntry.KebabCase(snapshot.Leader.ToString()));
        WriteSettings(json, snapshot.Game);
        WriteTexts(json, "leader_networks", snapshot.LeaderNetworks);
        WriteTexts(json, "follower_networks", snapshot.FollowerNetworks);
        json.WriteString("parameter_order", ParameterOrder + string.Concat(snapshot.ActorLayout.Parameters.Blocks.Skip(2 * snapshot.ActorLayout.Layers).Select(b => $", and {b.Name} behind the layers")));
    }

    private static void WriteHypergradient(Utf8JsonWriter json, LeaderGradientSnapshot snapshot)
    {
        HypergradientOptions options = snapshot.Hypergradient;
        json.WriteStartObject("hypergradient");
        json.WriteString("solver", options.Solver);
        json.WriteString("curvature", OptionEntry.KebabCase(options.Curvature.ToString()));
        json.WriteString("outer_product", OptionEntry.KebabCase(options.OuterProduct.ToString()));
        json.WriteBoolean("error_terms", options.ErrorTerms);
        json.WriteString("sign", OptionEntry.KebabCase(options.Sign.ToString()));
        WriteNumber(json, "damping", snapshot.Report.Solve.Damping);
        json.WriteNumber("iterations", options.Iterations);
        json.WriteNumber("tolerance", options.Tolerance);
        json.WriteString("negative_curvature", OptionEntry.KebabCase(options.NegativeCurvature.ToString()));
        WriteNumber(json, "bound", options.Bound);
        json.WriteString("bound_kind", OptionEntry.KebabCase(options.BoundKind.ToString()));
        json.WriteBoolean("warm_start", options.WarmStart);
        json.WriteBoolean("guard", options.Guard);
        json.WriteNumber("rank", options.Rank);
        json.WriteNumber("rho", options.Rho);
        json.WriteString("columns", OptionEntry.KebabCase(options.Columns.ToString()));
        json.WriteNumber("degree", options.Degree);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, LeaderGradientSnapshot snapshot)
    {
        HypergradientReport report = snapshot.Report;
        json.WriteStartObject("result");
        WriteNumber(json, "scale", report.Scale);
        json.WriteString("status", report.Solve.Status.Name());
        json.WriteNumber("iterations", report.Solve.Iterations);
        WriteNumber(json, "relative_residual", report.Solve.RelativeResidual);
        WriteNumber(json, "smallest_curvature", report.Solve.SmallestCurvature);
        WriteNumber(json, "direct_norm", report.DirectNorm);
        WriteNumber(json, "implicit_norm", report.ImplicitNorm);
        WriteNumber(json, "cosine", report.Cosine);
        json.WriteBoolean("guarded", snapshot.Guarded);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        Array.ForEach(values, json.WriteNumberValue);
        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
