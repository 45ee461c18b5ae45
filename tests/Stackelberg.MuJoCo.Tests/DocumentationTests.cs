using System.Globalization;
using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests;

public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(FindPage());

    public static TheoryData<string> Ids => [.. TaskCase.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_states_registered_limits_thresholds_and_sizes(string id)
    {
        using IEnvironment environment = TaskCase.Catalogue().Make(id);
        string task = id.Split('-')[0];
        string threshold = environment.Spec.RewardThreshold?.ToString(CultureInfo.InvariantCulture) ?? "–";
        double bound = ((BoxSpace)environment.ActionSpace).High[0];
        int size = environment.ActionSpace.Size;
        Text.ShouldContain(string.Create(
            CultureInfo.InvariantCulture,
            $"| [`{id}`](#{task.ToLowerInvariant()}) | {environment.Spec.MaxEpisodeSteps} steps | {threshold} | {environment.ObservationSpace.Size} numbers"
            + $" | {size} number{(size == 1 ? "" : "s")} in ±{bound} |"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_section_of_a_task_gives_every_option_with_its_default(string id)
    {
        string task = id.Split('-')[0];
        string section = Text.Split("\n## ").Single(s => s.StartsWith($"{task}\n", StringComparison.Ordinal)).ReplaceLineEndings(" ");
        Type type = typeof(MujocoTasks).Assembly.GetType($"Stackelberg.MuJoCo.Tasks.{task}Options", throwOnError: true)!;
        object defaults = Activator.CreateInstance(type)!;
        string options = section[section.IndexOf($"**Options** (`{type.Name}`", StringComparison.Ordinal)..];
        foreach (System.Reflection.PropertyInfo property in type.GetProperties())
        {
            options.ShouldContain($"`{property.Name}` {Documented(property.GetValue(defaults)!)}", customMessage: property.Name);
        }
    }

    private static string Documented(object value) => value switch
    {
        true => "true",
        false => "false",
        5e-7 => "5·10⁻⁷",
        double number => number.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−'),
        (double low, double high) => $"({Documented(low)}, {Documented(high)})".Replace("Infinity", "∞", StringComparison.Ordinal),
        _ => throw new ArgumentException($"{value} is no option.", nameof(value)),
    };

    private static string FindPage()
    {
        string page = Path.Combine("docs", "environments", "mujoco.md");
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, page)))
        {
            folder = Path.GetDirectoryName(folder).ShouldNotBeNull();
        }

        return Path.Combine(folder, page);
    }
}
