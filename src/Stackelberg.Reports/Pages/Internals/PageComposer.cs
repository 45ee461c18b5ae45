using System.Net;
using System.Reflection;
using Stackelberg.Experiments.Internals;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Puts a page together: a frame, one record of all it shows, and the scripts that show it.</summary>
internal static class PageComposer
{
    // in this order: each may use those before it
    private static readonly string[] Scripts = ["page.js", "tables.js", "smoothing.js", "charts.js", "chartcontrols.js", "bars.js", "start.js"];

    /// <summary>The text of a page.</summary>
    public static string Compose(string title, string lead, IReadOnlyList<PageSection> sections)
    {
        Assembly own = typeof(PageComposer).Assembly;
        IEnumerable<string> scripts = Scripts.Select(s => Asset.Read($"Pages/{s}", own)).Prepend(Asset.Read("Plots/plotly.min.js"));
        return Asset.Read("Pages/report.html", own)
            .Replace("{{title}}", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
            .Replace("{{style}}", Asset.Read("Pages/report.css", own), StringComparison.Ordinal)
            .Replace("{{scripts}}", string.Concat(scripts.Select(s => $"<script>\n{s}\n</script>\n")), StringComparison.Ordinal)
            .Replace("{{record}}", Record(title, lead, sections), StringComparison.Ordinal);
    }

    private static string Record(string title, string lead, IReadOnlyList<PageSection> sections)
    {
        using RecordWriter writer = new();
        writer.Object(() =>
        {
            writer.Text("title", title);
            writer.Text("lead", lead);
            writer.Array("sections", sections, section => writer.Object(() => section.Write(writer)));
            writer.WriteGrids("grids");
        });
        return writer.ToString();
    }
}
