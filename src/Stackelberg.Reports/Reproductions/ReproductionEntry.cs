namespace Stackelberg.Reports.Reproductions;

/// <summary>A table or figure of a paper: what is run, how long, and what is claimed of it. One YAML file; see <c>docs/reproduce.md</c>.</summary>
public sealed record ReproductionEntry
{
    /// <summary>Name on the command line, such as <c>stac-figure-1</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Which paper: the name of its ledger page, such as <c>stac</c>.</summary>
    public string Paper { get; init; } = "";

    /// <summary>One line.</summary>
    public string Title { get; init; } = "";

    /// <summary>Where in the paper.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the experiment asks, one or two sentences.</summary>
    public string Question { get; init; } = "";

    /// <summary>How long each scale takes, in words with the machine, by scale.</summary>
    public Dictionary<string, string> Cost { get; init; } = [];

    /// <summary>The quantity that tables, figure and claims are of, where a claim names no other.</summary>
    public Quantity Quantity { get; init; } = new();

    /// <summary>Environments of all arms that name none of their own.</summary>
    public List<string> Environments { get; init; } = [];

    /// <summary>Configuration keys that all arms share.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>Configuration keys of each scale, <c>seeds</c> and <c>total_timesteps</c> among them: <c>smoke</c>, <c>standard</c>, <c>full</c>.</summary>
    public Dictionary<string, Dictionary<string, string>> Scales { get; init; } = [];

    /// <summary>What is compared.</summary>
    public List<Arm> Arms { get; init; } = [];

    /// <summary>Whether times are what it is about: its runs are made one after the other then.</summary>
    public bool IsTimed { get; init; }

    /// <summary>What the paper says, in a form that can be checked.</summary>
    public List<ClaimText> Claims { get; init; } = [];

    /// <summary>Names of the scales it can be run at: all it has, and <c>full</c>, which is the standard one where it is not set apart.</summary>
    public IReadOnlyList<string> ScaleNames => [.. new[] { "smoke", "standard", "full" }.Union(Scales.Keys)];

    /// <summary>The arm of a name.</summary>
    public Arm? Find(string arm) => Arms.FirstOrDefault(a => a.Id == arm);

    /// <summary>Environments of an arm.</summary>
    public IReadOnlyList<string> EnvironmentsOf(Arm arm) => arm.Environments.Count > 0 ? arm.Environments : Environments;
}

/// <summary>One line of a figure: an algorithm with settings, on one or more environments.</summary>
public sealed record Arm
{
    /// <summary>Name within the entry; part of the runs' folder.</summary>
    public string Id { get; init; } = "";

    /// <summary>What it is, where the name does not say it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Id of the algorithm.</summary>
    public string Algo { get; init; } = "";

    /// <summary>Where it is not the entry's.</summary>
    public List<string> Environments { get; init; } = [];

    /// <summary>Configuration keys, above the entry's.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    /// <summary>Configuration keys by scale, above all others: fewer seeds of what takes long, for instance.</summary>
    public Dictionary<string, Dictionary<string, string>> Scales { get; init; } = [];
}

/// <summary>What is measured of a run.</summary>
public sealed record Quantity
{
    /// <summary>As <c>compare --metric</c>.</summary>
    public string Metric { get; init; } = "return";

    /// <summary>As <c>compare --kind</c>.</summary>
    public string Kind { get; init; } = "evaluation";

    /// <summary>As <c>compare --at</c>; empty for the end.</summary>
    public string At { get; init; } = "";

    /// <summary>Its name in summaries: returns and lengths are of a kind of episodes, other metrics are not.</summary>
    public string Name => string.Join(' ', Metric is "return" or "length" ? [Metric, Kind] : new[] { Metric }) + (At.Length > 0 ? $" {At}" : " final");
}

/// <summary>A claim as an entry writes it down.</summary>
public sealed record ClaimText
{
    /// <summary>In words, as the paper has it.</summary>
    public string Claim { get; init; } = "";

    /// <summary>What the paper prints or draws: a number, a range, "above".</summary>
    public string Published { get; init; } = "";

    /// <summary><c>better</c>, <c>best</c>, <c>not-worse</c>, <c>range</c>, <c>share</c>, <c>ratio</c> or <c>computed</c>.</summary>
    public string Kind { get; init; } = "better";

    /// <summary>The arm it is about.</summary>
    public string A { get; init; } = "";

    /// <summary>The arm it is compared with.</summary>
    public string B { get; init; } = "";

    /// <summary>Environments it speaks of; empty for all of the entry.</summary>
    public List<string> Environments { get; init; } = [];

    /// <summary>In how many of them it must hold; 0 for all.</summary>
    public int AtLeast { get; init; }

    /// <summary>Whether the smaller value is the better one.</summary>
    public bool IsLowerBetter { get; init; }

    /// <summary>Published range, for <c>range</c>, <c>share</c>, <c>ratio</c> and <c>computed</c>; an end that is left out is open.</summary>
    public double? Low { get; init; }

    /// <inheritdoc cref="Low"/>
    public double? High { get; init; }

    /// <summary>What <c>range</c> measures: <c>iqm</c>, the interquartile mean, or <c>mean</c>, as most tables print.</summary>
    public string Statistic { get; init; } = "iqm";

    /// <summary>For <c>share</c>: the least score of a run that counts.</summary>
    public double? HitLow { get; init; }

    /// <summary>For <c>share</c>: the largest score of a run that counts.</summary>
    public double? HitHigh { get; init; }

    /// <summary>Where it is not the entry's.</summary>
    public Quantity? Quantity { get; init; }

    /// <summary>Name of a computation, for <c>computed</c>.</summary>
    public string Computation { get; init; } = "";

    /// <summary>What a reader of the verdict should know.</summary>
    public string Note { get; init; } = "";
}
