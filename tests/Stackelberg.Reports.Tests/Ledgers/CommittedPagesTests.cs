using System.Runtime.CompilerServices;
using Stackelberg.Reports.Ledgers;

namespace Stackelberg.Reports.Tests.Ledgers;

/// <summary>The repository's own pages agree with the summaries beside them.</summary>
public sealed class CommittedPagesTests
{
    [Fact]
    public void Pages_say_what_their_data_say()
    {
        string docs = Path.Combine(Repository(), "docs");
        File.ReadAllText(Path.Combine(docs, "papers", "stac.md")).ShouldContain("<!-- generated: claims stac-figure-1 ");

        Ledger.Update(docs, isCheck: true).ShouldBeEmpty("call 'stackelberg reproduce ledger docs'");
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
