using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>A run's <c>config.yml</c> as hyper-parameters.</summary>
internal static class Configuration
{
    /// <summary>
    /// Every key, groups joined by dots: numbers as numbers, truth values as such, all else as text. Lists are texts with commas. Infinities are texts too, as TensorBoard's page
    /// cannot receive them as numbers. In place of <c>seeds</c> there is the run's own <c>seed</c>.
    /// </summary>
    public static IReadOnlyList<HyperParameter> Read(string yaml, ulong seed)
    {
        YamlStream stream = new();
        stream.Load(new StringReader(yaml));
        List<HyperParameter> parameters = [new("seed", (double)seed)];
        if (stream.Documents is [{ RootNode: YamlMappingNode root }, ..])
        {
            Collect(root, "", parameters);
        }

        return parameters;
    }

    /// <summary>The table that CleanRL shows, in Markdown.</summary>
    public static string ToMarkdown(IEnumerable<HyperParameter> parameters) => parameters.Aggregate(
        new StringBuilder("|param|value|\n|-|-|"), static (text, p) => text.Append(CultureInfo.InvariantCulture, $"\n|{p.Key}|{Text(p.Value).Replace("|", "\\|", StringComparison.Ordinal)}|")).ToString();

    private static void Collect(YamlMappingNode group, string prefix, List<HyperParameter> parameters)
    {
        foreach ((YamlNode key, YamlNode value) in group.Children)
        {
            string name = prefix + key;
            if (value is YamlMappingNode inner)
            {
                Collect(inner, name + ".", parameters);
            }
            else if (name != "seeds")
            {
                parameters.Add(new HyperParameter(name, ValueOf(value)));
            }
        }
    }

    private static object ValueOf(YamlNode node) => node switch
    {
        YamlSequenceNode list => string.Join(',', list.Children.Select(c => Text(ValueOf(c)))),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => plain.Value switch
        {
            null or "" or "null" or "~" => "none",
            "true" => true,
            "false" => false,
            ".inf" => "infinity",
            "-.inf" => "-infinity",
            { } text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => number,
            { } text => text,
        },
        // in quotes, or what no run writes
        _ => node.ToString(),
    };

    private static string Text(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
