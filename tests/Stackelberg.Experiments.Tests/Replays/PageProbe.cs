using Stackelberg.Experiments.Replays.Internals;

namespace Stackelberg.Experiments.Tests.Replays;

/// <summary>Looks at a page that is open in a browser.</summary>
internal static class PageProbe
{
    public static string Chromium() => Programs.Chromium
        ?? throw new InvalidOperationException("This test needs Chromium: sudo apt-get install -y chromium (./test does it as root).");

    public static int Frame(BrowserPage page) => (int)page.Evaluate("replay.frame")!;

    public static void Settle(BrowserPage page) => page.Evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");

    public static string Picture(BrowserPage page)
    {
        Settle(page);
        return (string)page.Evaluate("document.getElementById('view').toDataURL()")!;
    }

    /// <summary>Distinct colours in the drawing, coarsely.</summary>
    public static int Colours(BrowserPage page) => (int)page.Evaluate("""
        (() => {
          const view = document.getElementById('view'), copy = document.createElement('canvas');
          copy.width = view.width; copy.height = view.height;
          const c = copy.getContext('2d');
          c.drawImage(view, 0, 0);
          const data = c.getImageData(0, 0, copy.width, copy.height).data, seen = new Set();
          for (let i = 0; i < data.length; i += 4) seen.add((data[i] >> 4) << 8 | (data[i + 1] >> 4) << 4 | data[i + 2] >> 4);
          return seen.size;
        })()
        """)!;

    /// <summary>Everything that is written into the drawing when a position is shown.</summary>
    public static string Words(BrowserPage page, int track, double position) => (string)page.Evaluate(string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        (() => {
          const pen = CanvasRenderingContext2D.prototype, write = pen.fillText, words = [];
          pen.fillText = function (text, ...rest) { words.push(text); return write.call(this, text, ...rest); };
          replay.show({{track}}, {{position}});
          pen.fillText = write;
          return words.join('|');
        })()
        """))!;
}
