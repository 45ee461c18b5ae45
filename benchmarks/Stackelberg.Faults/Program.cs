using Stackelberg.Faults;
using Stackelberg.Faults.Framework;

// broken promises that are told of each kind while it is tried; all are in the JSON file
const int Told = 40;

if (args is ["worker", ..])
{
    return Worker.Run(args[1..]);
}

IReadOnlyList<FaultKind> kinds;
CampaignOptions options;
try
{
    kinds = args is [var name, ..] ? name == "all" ? Catalogue.All : [Catalogue.Find(name)] : throw new ArgumentException("no kind was named");
    options = CampaignOptions.Parse(args[1..]);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    Console.Error.WriteLine($"  allowed: {string.Join(", ", Catalogue.All.Select(k => k.Name))}, all; --tries N --seed S --only INDEX --seconds-per-try N --workers N --scratch FOLDER --keep FOLDER --json FILE");
    Console.Error.WriteLine("  next: such as 'all --tries 100', or 'damage --seed 0 --only 17 --keep kept' for one try again");
    return 2;
}

List<KindReport> reports = [];
foreach (FaultKind kind in kinds)
{
    Console.WriteLine($"{kind.Name}: {kind.Title}");
    int told = 0;
    reports.Add(Campaign.Run(kind, options, line => Console.Write(told++ < Told ? line + "\n" : told == Told + 1 ? "…\n" : "")));
}

Console.WriteLine();
Console.Write(Report.Table(reports));
if (options.Json is { } file)
{
    Report.WriteJson(file, options, reports);
}

return reports.Any(r => r.Broken.Any()) ? 1 : 0;
