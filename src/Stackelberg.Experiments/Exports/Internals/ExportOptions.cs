using System.Text.Encodings.Web;
using System.Text.Json;
using Stackelberg.Agents;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Policies;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Exports.Internals;

/// <summary>
/// The file <c>options.json</c> of an export. Options have the names and words they have in a configuration; numbers JSON has no word for are null.
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
        WriteObjectives(json, snapshot);
        WriteNetwork(json, "actor", snapshot.ActorLayout);
        WriteNetwork(json, "critic", snapshot.CriticLayout);
        WriteGame(json, snapshot);
        WriteHypergradient(json, snapshot);
        WriteResult(json, snapshot);
        json.WriteEndObject();
    }

    private static void WriteObjectives(Utf8JsonWriter json, LeaderGradientSnapshot snapshot)
    {
        OffPolicyOptions options = snapshot.Options;
        json.WriteString("base", options switch { SacOptions => "sac", Td3Options => "td3", _ => "ddpg" });
        json.WriteNumber("gamma", options.Gamma);
        json.WriteNumber("alpha", snapshot.Temperature);
        json.WriteString("target_policy", OptionEntry.KebabCase(options.TargetPolicy.ToString()));
        if (options is Td3Options td3)
        {
            json.WriteNumber("target_noise", td3.TargetNoise);
            json.WriteNumber("noise_clip", td3.NoiseClip);
        }

        if (options is SacOptions sac)
        {
            json.WriteString("entropy_units", OptionEntry.KebabCase(sac.EntropyUnits.ToString()));
            WriteNumbers(json, "log_std_range", [SquashedGaussianActor<double>.MinimumLogStd, SquashedGaussianActor<double>.MaximumLogStd]);
        }

        json.WriteNumber("actor_critics", snapshot.ActorCritics);
        json.WriteNumber("batch_size", options.BatchSize);
        WriteNumbers(json, "action_centre", snapshot.ActionCentre);
        WriteNumbers(json, "action_half_range", snapshot.ActionHalfRange);
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
        json.WriteString("follower_loss", OptionEntry.KebabCase(snapshot.FollowerLoss.ToString()));
        json.WriteString("update_order", OptionEntry.KebabCase(snapshot.UpdateOrder.ToString()));
        json.WriteNumber("follower_steps", snapshot.FollowerSteps);
        WriteTexts(json, "leader_networks", snapshot.LeaderNetworks);
        WriteTexts(json, "follower_networks", snapshot.FollowerNetworks);
        json.WriteString("parameter_order", ParameterOrder);
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
