using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

/// <summary>One rule of the environment contract.</summary>
internal abstract class CheckRule
{
    public abstract string Name { get; }

    public abstract string Description { get; }

    public abstract void Check(CheckRun run);
}

/// <summary>What the rules of one check share: the factory, a fixed list of valid actions, and the findings.</summary>
internal sealed class CheckRun
{
    private readonly Func<IEnvironment> create;
    private readonly List<EnvironmentFinding> findings = [];

    public CheckRun(Func<IEnvironment> create, EnvironmentCheckOptions options)
    {
        this.create = create;
        Options = options;
        using IEnvironment environment = Create();
        Spec = environment.Spec;
        ActionSpace = environment.ActionSpace;
        ObservationSize = environment.ObservationSpace.Size;
        Random = RandomStream.FromSeed(options.Seed).Split("environment-check");
    }

    public EnvironmentCheckOptions Options { get; }

    public EnvironmentSpec Spec { get; }

    public string Id => Spec.Id;

    public Space ActionSpace { get; }

    public int ObservationSize { get; }

    /// <summary>Set when a valid action was refused: no other rule can then be judged.</summary>
    public bool ActionsRefused { get; set; }

    public IReadOnlyList<EnvironmentFinding> Findings => findings;

    private RandomStream Random { get; }

    public static string EntryName(IEnvironment environment, int entry) =>
        environment is INamedEntries named ? named.EntryName(entry) : $"observation entry {entry}";

    /// <summary>A new environment whose numbers the rules judge, not its guard.</summary>
    public IEnvironment Create()
    {
        IEnvironment environment = create();
        if (environment.Find<GuardedEnvironment>() is { } guarded)
        {
            guarded.Guard.ChecksNumbers = false;
        }

        return environment;
    }

    /// <summary>A new environment for more steps than the rules on numbers look at: where those found nothing, its guard looks on.</summary>
    public IEnvironment CreateForLong()
    {
        IEnvironment environment = Create();
        if (environment.Find<GuardedEnvironment>() is { } guarded)
        {
            guarded.Guard.ChecksNumbers = findings.TrueForAll(f => f.Severity != FindingSeverity.Error);
        }

        return environment;
    }

    public double[] Buffer() => new double[ObservationSize];

    /// <summary>Valid actions, the same for the same <paramref name="name"/>.</summary>
    public double[][] Actions(string name, int count)
    {
        RandomStream random = Random.Split(name);
        double[][] actions = new double[count][];
        for (int i = 0; i < count; i++)
        {
            actions[i] = new double[ActionSpace.Size];
            ActionSpace.Sample(random, actions[i]);
        }

        return actions;
    }

    public RandomStream Stream(string name) => Random.Split(name);

    public void Report(CheckRule rule, FindingSeverity severity, string seen, string expected, string remedy) =>
        findings.Add(new EnvironmentFinding(rule.Name, severity, seen, expected, remedy));

    public void Error(CheckRule rule, string seen, string expected, string remedy) =>
        Report(rule, FindingSeverity.Error, seen, expected, remedy);
}
