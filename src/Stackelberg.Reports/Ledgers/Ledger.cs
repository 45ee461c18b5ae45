using System.Text;
using Stackelberg.Experiments.Internals;
using Stackelberg.Reports.Reproductions;

namespace Stackelberg.Reports.Ledgers;

/// <summary>
/// Pages whose numbers come from summaries. A page is Markdown written by hand; what stands between <c>&lt;!-- generated: WHAT ENTRY … --&gt;</c> and
/// <c>&lt;!-- end --&gt;</c> is made from the entry's summary, and made anew by one command.
/// </summary>
public static class Ledger
{
    private const string Open = "<!-- generated: ", Close = " -->", End = "<!-- end -->";

    /// <summary>Makes the generated parts of all pages below a folder anew.</summary>
    /// <param name="folder">Pages (<c>*.md</c>) and summaries (<c>*.json</c>) at any depth.</param>
    /// <param name="isCheck">Whether nothing is written.</param>
    /// <returns>Pages that were changed, or would be.</returns>
    /// <exception cref="ReproductionException">A page asks for something that cannot be made.</exception>
    public static IReadOnlyList<string> Update(string folder, bool isCheck)
    {
        if (!Directory.Exists(folder))
        {
            throw new ReproductionException($"there is no folder '{folder}'", "a folder with pages and summaries, such as docs", "check the path");
        }

        Dictionary<string, EntrySummary> summaries = Summaries(folder);
        // all are made before any is written: a page that asks for what cannot be made leaves the others as they are
        var pages = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => (Path: p, Old: File.ReadAllText(p))).Select(p => (p.Path, p.Old, Made: Fill(p.Old, p.Path, summaries))).ToList();
        var changed = pages.Where(p => p.Old != p.Made).ToList();
        foreach ((string path, _, string made) in isCheck ? [] : changed)
        {
            WholeFile.Write(path, made);
        }

        return [.. changed.Select(p => p.Path)];
    }

    /// <summary>A page's text with its generated parts made anew.</summary>
    internal static string Fill(string text, string page, IReadOnlyDictionary<string, EntrySummary> summaries)
    {
        StringBuilder made = new();
        for (int from = 0; ;)
        {
            int open = LineOf(text, Open, from);
            if (open < 0)
            {
                return made.Append(text.AsSpan(from)).ToString();
            }

            int close = text.IndexOf(Close, open, StringComparison.Ordinal), end = LineOf(text, End, open);
            string request = close < 0 ? "" : text[(open + Open.Length)..close];
            int next = close < 0 ? -1 : text.IndexOf(Open, close, StringComparison.Ordinal);
            if (close < 0 || end < close || (next >= 0 && next < end))
            {
                throw new ReproductionException($"'{page}': a generated part has no end", $"'{Open}WHAT ENTRY{Close}' and further down '{End}'", "put the missing line in");
            }

            made.Append(text.AsSpan(from, close + Close.Length - from)).Append("\n\n").Append(LedgerParts.Make(request, page, summaries)).Append('\n');
            from = end;
        }
    }

    // where a line begins with it: within a line it is spoken of
    private static int LineOf(string text, string mark, int from)
    {
        for (int at = from; (at = text.IndexOf(mark, at, StringComparison.Ordinal)) >= 0; at++)
        {
            if (at == 0 || text[at - 1] == '\n')
            {
                return at;
            }
        }

        return -1;
    }

    private static Dictionary<string, EntrySummary> Summaries(string folder)
    {
        Dictionary<string, EntrySummary> summaries = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            EntrySummary summary = EntrySummary.Read(file);
            if (!summaries.TryAdd(summary.Id, summary))
            {
                throw new ReproductionException($"'{file}' is a second summary of '{summary.Id}'", "one summary of each entry", "keep the one that counts");
            }
        }

        return summaries;
    }
}
