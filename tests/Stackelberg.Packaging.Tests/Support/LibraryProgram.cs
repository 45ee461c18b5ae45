using System.Globalization;
using System.Text.RegularExpressions;

namespace Stackelberg.Packaging.Tests.Support;

/// <summary>What the example of the libraries prints, wherever it runs.</summary>
internal static partial class LibraryProgram
{
    /// <summary>Holds the returns it prints against each other; they depend on the vector width, and what they have to show does not.</summary>
    public static void Check(string output)
    {
        Match match = Form().Match(output.ReplaceLineEndings("\n"));
        match.Success.ShouldBeTrue(output);
        double[] numbers = [.. match.Groups.Values.Skip(1).Select(g => double.Parse(g.Value, CultureInfo.InvariantCulture))];
        (double untrained, double trained, double episodes, double loaded, double steps) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        untrained.ShouldBeLessThan(60, output);
        trained.ShouldBeInRange(250, 500, output);
        loaded.ShouldBe(trained);
        steps.ShouldBe(60_000);
        episodes.ShouldBeInRange(60_000 / 500, 60_000 / 9);
    }

    [GeneratedRegex(@"\Auntrained: ([\d.]+)\ntrained: ([\d.]+) after (\d+) episodes\nloaded: ([\d.]+) after (\d+) steps\n\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
