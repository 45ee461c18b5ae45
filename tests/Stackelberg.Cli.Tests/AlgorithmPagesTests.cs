using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The commands on pages about algorithms do what they say.</summary>
public sealed partial class AlgorithmPagesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("off-policy.md", 3)]
    [InlineData("fsddpg.md", 3)]
    [InlineData("export.md", 4)]
    [InlineData("hypergradient.md", 2)]
    [InlineData("games.md", 13)]
    public void Commands_of_a_page_succeed(string page, int count)
    {
        const string Prompt = "./stackelberg ";
        string[] commands = [.. File.ReadLines(Path.Combine(Repository(), "docs", "algorithms", page)).Where(l => l.StartsWith(Prompt, StringComparison.Ordinal))];
        commands.Length.ShouldBe(count);
        foreach (string command in commands)
        {
            Command.Run(folder.Path, [.. command[Prompt.Length..].Split(' '), .. command.StartsWith(Prompt + "train", StringComparison.Ordinal) ? ["--quiet"] : Array.Empty<string>()])
                .ShouldSucceed();
        }
    }

    [Fact]
    public void A_parallel_implicit_term_is_among_the_notices_of_a_run()
    {
        CommandResult result = Command.Run(folder.Path, [
            "train", "--algo", "fsddpg", "--env", "Pendulum-v1", "--total-timesteps", "1500", "--eval-episodes", "1", "--quiet",
            "--set", "actor.hidden=8", "--set", "critic.hidden=8", "--set", "update_after=1000", "--set", "hypergradient.log_every=100",
        ]).ShouldSucceed();
        result.Error.ShouldContain("parallel to the leader's direct gradient");
        Table table = new(folder[Path.Combine("runs", "Pendulum-v1", "fsddpg", "seed-0", "hypergradient.csv")]);
        table.Rows.ShouldBe(6);
        table.Column("degeneracy").ShouldAllBe(d => d == "rescales");
    }

    [Fact]
    public void Links_into_the_sources_point_at_the_lines_they_speak_of()
    {
        string folder = Path.Combine(Repository(), "docs", "algorithms");
        int links = 0;
        foreach (string page in Directory.GetFiles(folder, "*.md"))
        {
            foreach (Match link in SourceLink().Matches(File.ReadAllText(page)))
            {
                links++;
                string[] lines = File.ReadAllLines(Path.Combine(folder, link.Groups[1].Value));
                int right = Array.FindIndex(lines, l => l.Contains(link.Groups[3].Value, StringComparison.Ordinal)) + 1;
                $"{page}: {link.Groups[1].Value}#L{link.Groups[2].Value}".ShouldBe($"{page}: {link.Groups[1].Value}#L{right}");
            }
        }

        links.ShouldBeGreaterThan(8);
    }

    // a path, a line, and as the link's title what stands there
    [GeneratedRegex(@"\((\.\./\.\./src/[^)#]+)#L(\d+) ""([^""]+)""\)")]
    private static partial Regex SourceLink();

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
