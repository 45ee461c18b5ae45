using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>A page in a headless Chromium of its own, driven through the DevTools protocol. Not thread-safe.</summary>
internal sealed class BrowserPage : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process browser;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private string session = "";
    private string address = "";
    private int lastId;

    private BrowserPage(Process browser, string profile) => (this.browser, this.profile) = (browser, profile);

    /// <summary>Errors and warnings on the page's console, uncaught exceptions, and addresses it tried to load other than itself.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Opens a file and waits until it is loaded and says that it is ready.</summary>
    /// <param name="ready">The global variable that says so.</param>
    /// <exception cref="ReplayException">The browser does not start or does not answer.</exception>
    public static BrowserPage Open(string chromium, string file, int width, int height, bool dark = false, string ready = "replay")
    {
        string profile = Directory.CreateTempSubdirectory("stackelberg-browser-").FullName;
        ProcessStartInfo start = new(chromium) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in new[]
        {
            "--headless", "--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = profile;
        BrowserPage page = new(Process.Start(start)!, profile);
        try
        {
            page.Connect();
            page.Load(file, width, height, dark, ready);
            return page;
        }
        catch (Exception e) when (e is IOException or WebSocketException or OperationCanceledException)
        {
            page.Dispose();
            throw new ReplayException($"the browser '{chromium}' does not answer", "a Chromium that runs headless", "try 'chromium --headless --no-sandbox --dump-dom about:blank'", e);
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    /// <summary>The value of a JavaScript expression; promises are awaited.</summary>
    /// <exception cref="ReplayException">The expression throws.</exception>
    public JsonNode? Evaluate(string expression)
    {
        JsonNode answer = Call("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } fault
            ? throw new ReplayException($"the page failed: {fault["exception"]?["description"] ?? fault["text"]}", "a page that 'stackelberg replay' wrote", "report this with the page")
            : answer["result"]!["value"];
    }

    /// <summary>Presses and releases a key.</summary>
    public void Press(string key)
    {
        foreach (string kind in new[] { "keyDown", "keyUp" })
        {
            Call("Input.dispatchKeyEvent", new JsonObject { ["type"] = kind, ["key"] = key });
        }
    }

    /// <summary>The page as a PNG image.</summary>
    public byte[] Screenshot() => Convert.FromBase64String((string)Call("Page.captureScreenshot", new JsonObject { ["format"] = "png" })["data"]!);

    public void Dispose()
    {
        socket.Dispose();
        if (!browser.HasExited)
        {
            browser.Kill(entireProcessTree: true);
        }

        browser.WaitForExit();
        browser.Dispose();
        try
        {
            Directory.Delete(profile, recursive: true);
        }
        catch (IOException)
        {
            // a helper process of the browser may still be closing a file there; the folder is a temporary one
        }
    }

    private void Connect()
    {
        const string Mark = "DevTools listening on ";
        _ = browser.StandardOutput.ReadToEndAsync();
        using CancellationTokenSource limit = new(Limit);
        StringBuilder said = new();
        string? line;
        do
        {
            line = browser.StandardError.ReadLineAsync(limit.Token).AsTask().GetAwaiter().GetResult();
            said.AppendLine(line);
            if (line is null)
            {
                throw new IOException($"it ended and said: {said.ToString().Trim()}");
            }
        }
        while (!line.StartsWith(Mark, StringComparison.Ordinal));
        _ = browser.StandardError.ReadToEndAsync();
        socket.ConnectAsync(new Uri(line[Mark.Length..].Trim()), limit.Token).GetAwaiter().GetResult();
    }

    private void Load(string file, int width, int height, bool dark, string ready)
    {
        string target = (string)Call("Target.createTarget", new JsonObject { ["url"] = "about:blank" })["targetId"]!;
        session = (string)Call("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true })["sessionId"]!;
        foreach (string domain in new[] { "Runtime", "Log", "Page", "Network" })
        {
            Call($"{domain}.enable", []);
        }

        Call("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        JsonObject scheme = new() { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" };
        Call("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(scheme) });
        address = new Uri(Path.GetFullPath(file)).AbsoluteUri;
        Call("Page.navigate", new JsonObject { ["url"] = address });
        Evaluate("new Promise(loaded => document.readyState === 'complete' ? loaded() : addEventListener('load', loaded))");
        for (int i = 0; i < 200 && (bool?)Evaluate($"location.href !== 'about:blank' && document.readyState === 'complete' && !!window.{ready}") != true; i++)
        {
            Thread.Sleep(50);
        }
    }

    private JsonNode Call(string method, JsonObject parameters)
    {
        JsonObject message = new() { ["id"] = ++lastId, ["method"] = method, ["params"] = parameters };
        if (session.Length > 0)
        {
            message["sessionId"] = session;
        }

        using CancellationTokenSource limit = new(Limit);
        socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, limit.Token).GetAwaiter().GetResult();
        while (true)
        {
            JsonNode received = Receive(limit.Token);
            if ((int?)received["id"] == lastId)
            {
                return received["result"] ?? throw new IOException($"{method}: {received["error"]?["message"]}");
            }

            Note((string?)received["method"], received["params"]);
        }
    }

    private JsonNode Receive(CancellationToken limit)
    {
        using MemoryStream text = new();
        byte[] buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = socket.ReceiveAsync(buffer, limit).GetAwaiter().GetResult();
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(text.ToArray()) ?? throw new IOException("an empty message");
    }

    private void Note(string? method, JsonNode? parameters)
    {
        switch (method)
        {
            case "Runtime.exceptionThrown":
                Complaints.Add($"exception: {parameters!["exceptionDetails"]!.ToJsonString()}");
                break;
            case "Runtime.consoleAPICalled" when (string?)parameters!["type"] is "error" or "warning" or "assert":
                Complaints.Add($"console: {parameters["args"]!.ToJsonString()}");
                break;
            case "Log.entryAdded" when (string?)parameters!["entry"]!["level"] is "error":
                Complaints.Add($"log: {parameters["entry"]!.ToJsonString()}");
                break;
            case "Network.requestWillBeSent" when (string?)parameters!["request"]!["url"] is { } url && url != address && !url.StartsWith("data:", StringComparison.Ordinal)
                && !url.StartsWith("about:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal):
                Complaints.Add($"network: {url}");
                break;
        }
    }
}
