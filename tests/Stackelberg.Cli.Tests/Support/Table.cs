using System.Globalization;

namespace Stackelberg.Cli.Tests.Support;

/// <summary>A CSV table as text.</summary>
internal sealed class Table
{
    private readonly string[][] rows;

    public Table(string path)
    {
        string[] lines = File.ReadAllLines(path);
        Columns = lines[0].Split(',');
        rows = [.. lines[1..].Select(l => l.Split(','))];
    }

    public string[] Columns { get; }

    public int Rows => rows.Length;

    public string[] Column(string name) => [.. rows.Select(r => r[Array.IndexOf(Columns, name)])];

    public double[] Numbers(string name) => [.. Column(name).Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
}
