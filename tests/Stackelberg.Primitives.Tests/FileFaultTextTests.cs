namespace Stackelberg.Primitives.Tests;

/// <summary>What the system refuses is said in plain words, whatever the runtime calls it. The faults are real ones.</summary>
public sealed class FileFaultTextTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("stackelberg-faults-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_kind_has_its_words()
    {
        string file = Below("file"), link = Below("circle");
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(link, link);

        Words(Below("none"), p => File.ReadAllText(p)).ShouldBe("there is no such file or folder");
        Words(Below("none/none"), p => File.ReadAllText(p)).ShouldBe("there is no such file or folder");
        Words(file + "/x/y", p => File.ReadAllText(p)).ShouldBe($"'{file}' is a file, not a folder");
        Words(file, p => Directory.GetDirectories(p)).ShouldBe($"'{file}' is a file, not a folder");
        Words(file, p => Directory.CreateDirectory(p)).ShouldBe("a file is where a folder is meant");
        Words(folder, p => File.ReadAllText(p)).ShouldStartWith("it is a folder");
        Words(folder, p => File.WriteAllText(p, "x")).ShouldStartWith("it is a folder");
        Words(Below(new string('x', 300)), p => File.ReadAllText(p)).ShouldBe("the path is too long");
        Words(link, p => File.ReadAllText(p)).ShouldBe("its links go round in a circle");
        Words("/dev/full", p => File.WriteAllText(p, "x")).ShouldBe("no space is left on the disk");
    }

    [Fact]
    public void Own_words_stay_and_the_runtimes_tails_go()
    {
        FileFaultText.Of(new IOException("it is a folder")).ShouldBe("it is a folder");
        FileFaultText.Of(new IOException("Input/output error : '/some/path'")).ShouldBe("Input/output error");
        FileFaultText.Of(new ArgumentException("The pole is too long.", "pole")).ShouldBe("The pole is too long");
    }

    private string Below(string name) => Path.Combine(folder, name);

    private static string Words(string path, Action<string> use) => FileFaultText.Of(Should.Throw<Exception>(() => use(path)), path);
}
