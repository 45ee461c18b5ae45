using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Reproductions;

/// <summary>The file that ledger pages come from.</summary>
public sealed class EntrySummaryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Place => folder["summary.json"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_summary_reads_back_to_the_same_bytes()
    {
        Made().Write(Place);
        byte[] written = File.ReadAllBytes(Place);

        EntrySummary read = EntrySummary.Read(Place);
        read.Write(Place);

        File.ReadAllBytes(Place).ShouldBe(written);
        read.Find("return evaluation final", "stac", "CartPole-v1").ShouldBe([0.1, 1 / 3.0, 5e-324]);
        read.Find("return evaluation final", "stac", "Acrobot-v1").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("stackelberg-summary-1", "stackelberg-summary-2", "'stackelberg-summary-2'")]
    [InlineData("0.1,", "\"NaN\",", "no finite number")]
    [InlineData("0.1,", "\"Infinity\",", "no finite number")]
    [InlineData("0.1,", "\"much\",", "no summary")]
    [InlineData("0.1,", "null,", "no summary")]
    [InlineData("0.1,", "", "not one score for each of its seeds")]
    [InlineData("\"arm\": \"ac\"", "\"arm\": \"stac\"", "is there twice")]
    [InlineData("\"arm\": \"ac\"", "\"arm\": null", "no summary")]
    [InlineData("\"arm\": \"ac\"", "\"arm\": \"\\ud800\"", "no summary")]
    [InlineData("\"scale\": \"standard\",", "", "no summary")]
    [InlineData("\"id\"", "\"id\": \"x\", \"id\"", "no summary")]
    public void A_damaged_summary_is_refused_by_name(string right, string wrong, string message)
    {
        Made().Write(Place);
        string text = File.ReadAllText(Place), damaged = text.Replace(right, wrong, StringComparison.Ordinal);
        damaged.ShouldNotBe(text);
        File.WriteAllText(Place, damaged);

        string told = Should.Throw<ReproductionException>(() => EntrySummary.Read(Place)).Message;

        told.ShouldContain(Place);
        told.ShouldContain(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("\u0000")]
    public void What_is_no_summary_is_refused(string text)
    {
        File.WriteAllText(Place, text);

        Should.Throw<ReproductionException>(() => EntrySummary.Read(Place)).Message.ShouldContain("is no summary of an entry");
    }

    private static EntrySummary Made() => new()
    {
        Id = "made", Scale = "standard", Command = "stackelberg reproduce run made", Date = "2026-11-30", Machines = ["two cores"], Versions = ["0.1.0"],
        Scores =
        [
            new ScoreList("return evaluation final", "ac", "CartPole-v1", [0], [7]),
            new ScoreList("return evaluation final", "stac", "CartPole-v1", [0, 1, 2], [0.1, 1 / 3.0, 5e-324]),
        ],
    };
}
