namespace Stackelberg.Packaging.Tests.Support;

/// <summary>A page of documentation.</summary>
internal static class Page
{
    /// <summary>The only block of a page that is written in a language.</summary>
    public static string Block(string page, string language)
    {
        string[] parts = page.ReplaceLineEndings("\n").Split($"```{language}\n");
        parts.Length.ShouldBe(2, $"one block of {language}");
        return parts[1][..parts[1].IndexOf("```", StringComparison.Ordinal)];
    }
}
