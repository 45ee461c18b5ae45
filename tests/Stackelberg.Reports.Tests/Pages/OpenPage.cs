using Stackelberg.Experiments.Replays.Internals;

namespace Stackelberg.Reports.Tests.Pages;

/// <summary>Looks at a report that is open in a browser. Without Chromium these tests fail and say how to get it.</summary>
internal static class OpenPage
{
    public static BrowserPage Open(string file, bool dark = false, int width = 1200) => BrowserPage.Open(
        Programs.Chromium ?? throw new InvalidOperationException("This test needs Chromium: sudo apt-get install -y chromium (./test does it as root)."),
        file, width, 900, dark, ready: "ready");

    public static string[] Texts(this BrowserPage page, string selector) =>
        [.. page.Evaluate($"[...document.querySelectorAll('{selector}')].map(e => e.textContent)")!.AsArray().Select(t => (string)t!)];

    public static int Count(this BrowserPage page, string selector) => (int)page.Evaluate($"document.querySelectorAll('{selector}').length")!;

    public static string Text(this BrowserPage page, string expression) => (string)page.Evaluate(expression)!;

    /// <summary>Draws every chart, in sight or not, and waits for it.</summary>
    public static void DrawAll(this BrowserPage page) => page.Evaluate("Promise.all(report.charts.map(c => c.draw())).then(() => 0)");

    /// <summary>Whether anything is wider than the window.</summary>
    public static bool Overflows(this BrowserPage page) => (bool)page.Evaluate("document.documentElement.scrollWidth > innerWidth")!;
}
