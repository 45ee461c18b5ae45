namespace Stackelberg.Faults.Framework;

/// <summary>The counts of one kind, and its broken promises.</summary>
public sealed class KindReport(string kind, string title)
{
    private readonly int[] counts = new int[Enum.GetValues<Outcome>().Length];
    private readonly List<(int Index, Verdict Verdict)> broken = [];

    public string Kind => kind;

    public string Title => title;

    public double Seconds { get; set; }

    public int Tries => counts.Sum();

    /// <summary>Tries that broke a promise, by number.</summary>
    public IEnumerable<(int Index, Verdict Verdict)> Broken => broken.OrderBy(b => b.Index);

    public int this[Outcome outcome] => counts[(int)outcome];

    public void Add(int index, Verdict verdict)
    {
        counts[(int)verdict.Outcome]++;
        if (verdict.IsBroken)
        {
            broken.Add((index, verdict));
        }
    }
}
