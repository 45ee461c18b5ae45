using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests;

public sealed class AlgorithmCatalogueTests
{
    [Fact]
    public void Every_algorithm_is_found_by_its_id_and_says_what_it_is()
    {
        AlgorithmCatalogue.BuiltIn.All.Select(a => a.Id).ShouldBe(
        [
            "a2c", "ac", "bi-ac", "bi-ac-continuous", "bilevel-q", "blpo", "blpo-cg", "blpo-pcg", "ddpg", "ddpg-ttsu", "fsddpg", "fsddpg-cg", "fstd3",
            "hysteretic-dqn", "hysteretic-q", "i-dqn", "independent-q", "lenient-dqn", "lenient-q", "ma-td3", "maddpg", "minimax-q", "nash-q",
            "nested-ppo", "ppo", "sac", "sddpg", "sddpg-bd", "sddpg-cg", "st-ddpg", "st-sac", "stac", "std3", "std3-cg", "td3",
        ]);
        foreach (AlgorithmDescriptor descriptor in AlgorithmCatalogue.BuiltIn.All)
        {
            AlgorithmCatalogue.BuiltIn.Find(descriptor.Id).ShouldBeSameAs(descriptor);
            descriptor.Summary.ShouldNotBeNullOrWhiteSpace();
            descriptor.References.ShouldNotBeEmpty();
            descriptor.CreateOptions().ShouldBeAssignableTo(descriptor.OptionsType);
        }

        AlgorithmCatalogue.BuiltIn.Find("sarsa").ShouldBeNull();
    }

    [Fact]
    public void Every_built_in_algorithm_would_pass_the_checks_of_a_registration()
    {
        foreach (AlgorithmDescriptor descriptor in AlgorithmCatalogue.BuiltIn.All)
        {
            AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
            catalogue.Add(descriptor with { Id = "copy-of-" + descriptor.Id });
            catalogue.All.Count.ShouldBe(AlgorithmCatalogue.BuiltIn.All.Count + 1);
        }
    }

    [Fact]
    public void An_added_algorithm_stands_among_the_others_with_its_plugin_and_in_its_own_catalogue_alone()
    {
        AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();
        catalogue.Register(new Adds(Described("sarsa")), "my.dll");
        catalogue.Add(Described("zero"));

        catalogue.Find("sarsa")!.Title.ShouldBe("Title");
        catalogue.PluginOf("sarsa").ShouldBe("my.dll");
        catalogue.PluginOf("zero").ShouldBeNull();
        catalogue.PluginOf("stac").ShouldBeNull();
        catalogue.All.Select(a => a.Id).ShouldBe(catalogue.All.Select(a => a.Id).Order(StringComparer.Ordinal));
        AlgorithmCatalogue.WithAll().Find("sarsa").ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => AlgorithmCatalogue.BuiltIn.Add(Described("sarsa"))).Message.ShouldContain("WithAll");
    }

    public static TheoryData<AlgorithmDescriptor, string> Faulty() => new()
    {
        { Described("Sarsa"), "lower-case letters" },
        { Described("sarsa lambda"), "lower-case letters" },
        { Described("../sarsa"), "lower-case letters" },
        { Described("sarsa-"), "lower-case letters" },
        { Described(null!), "lower-case letters" },
        { Described("stac"), "registered already" },
        { Described("sarsa") with { Title = "" }, "Title is missing" },
        { Described("sarsa") with { Summary = null! }, "Summary is missing" },
        { Described("sarsa") with { References = null! }, "References is missing" },
        { Described("sarsa") with { OptionsType = null! }, "OptionsType is missing" },
        { Described("sarsa") with { Create = null! }, "Create is missing" },
        { Described("sarsa") with { Validate = null! }, "Validate is missing" },
        { Described("sarsa") with { Presets = null! }, "Presets is missing" },
        { Described("sarsa") with { Presets = new Dictionary<string, AlgorithmPreset> { ["paper"] = new("as printed", null!) } }, "Presets is missing" },
        { Described("sarsa") with { EnvironmentPresets = null! }, "EnvironmentPresets is missing" },
        { Described("sarsa") with { OptionsType = typeof(NoConstructor) }, "NoConstructor cannot be made, which takes a public constructor without parameters" },
        { Described("sarsa") with { OptionsType = typeof(ConstructorThrows) }, "not today" },
        { Described("sarsa") with { OptionsType = typeof(NotDescribed) }, "property Gamma has no [Option]" },
        { Described("sarsa") with { OptionsType = typeof(OfUnknownType) }, "option Since is of type DateTime; there are bool, int" },
        { Described("sarsa") with { OptionsType = typeof(OfSmallType) }, "option Depth is of type Byte" },
        { Described("sarsa") with { OptionsType = typeof(NoSetter) }, "option Gamma cannot be set" },
        { Described("sarsa") with { OptionsType = typeof(NoDefault) }, "option Name has a default that it does not accept: null" },
        { Described("sarsa") with { OptionsType = typeof(DefaultOutOfRange) }, "option Gamma has a default that it does not accept: 2" },
        { Described("sarsa") with { OptionsType = typeof(DefaultNoNumber) }, "option Gamma has a default that it does not accept: NaN" },
        { Described("sarsa") with { OptionsType = typeof(DefaultNoChoice) }, "option Kind has a default that it does not accept: c" },
        { Described("sarsa") with { OptionsType = typeof(ElementOutOfRange) }, "an element is out of range" },
        { Described("sarsa") with { OptionsType = typeof(ChoicesOfNumber) }, "option Depth is of type Int32, but only texts have choices" },
        { Described("sarsa") with { OptionsType = typeof(ForeignChoices) }, "takes its choices from String" },
        { Described("sarsa") with { OptionsType = typeof(NestedFault) }, "option Inner.Since is of type DateTime" },
        { Described("sarsa") with { OptionsType = typeof(NullGroup) }, "group Inner is null" },
        { Described("sarsa") with { OptionsType = typeof(Endless) }, "contains itself" },
        { Described("sarsa") with { Defaults = static () => new ConstructorThrows() }, "not today" },
        { Described("sarsa") with { Defaults = static () => "text" }, "Defaults makes String, not AcOptions" },
        { Described("sarsa") with { Defaults = () => Shared }, "the same object twice" },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_descriptor_that_cannot_be_used_is_refused_and_nothing_is_added(AlgorithmDescriptor descriptor, string words)
    {
        AlgorithmCatalogue catalogue = AlgorithmCatalogue.WithAll();

        Should.Throw<ArgumentException>(() => catalogue.Add(descriptor)).Message.ShouldContain(words);

        catalogue.All.Count.ShouldBe(AlgorithmCatalogue.BuiltIn.All.Count);
    }

    [Fact]
    public void A_leader_that_has_nothing_to_anticipate_is_a_fault()
    {
        AlgorithmDescriptor stac = AlgorithmCatalogue.BuiltIn.Find("stac")!;
        stac.Validate(Led(LeaderRole.Actor)).ShouldBeEmpty();
        stac.Validate(Led(LeaderRole.Critic) with { Form = ActorCriticForm.Paper }).Single().Key.ShouldBe("leader");
    }

    [Fact]
    public void A_hypergradient_that_actor_critic_does_not_know_is_a_fault_with_a_leader_and_merely_unread_without_one()
    {
        AlgorithmDescriptor stac = AlgorithmCatalogue.BuiltIn.Find("stac")!;
        foreach (HypergradientOptions unknown in (HypergradientOptions[])[new() { ErrorTerms = false }, new() { OuterProduct = OuterProduct.OfMeans }])
        {
            stac.Validate(Led(LeaderRole.Actor).Changed(_ => unknown)).Single().Key.ShouldStartWith("hypergradient.");
            stac.Validate(Led(LeaderRole.None).Changed(_ => unknown)).ShouldBeEmpty();
            stac.Unread(Led(LeaderRole.None).Changed(_ => unknown)).Single().Message.ShouldContain("nobody leads");
        }
    }

    [Theory]
    [InlineData(DampingKind.Exponential)]
    [InlineData(DampingKind.Adaptive)]
    public void A_damping_schedule_without_damping_is_a_fault(DampingKind schedule)
    {
        var options = new AcOptions
        {
            Leading = new LeaderOptions { Leader = LeaderRole.Actor, Hypergradient = new HypergradientOptions { DampingSchedule = schedule } },
        };
        AlgorithmCatalogue.BuiltIn.Find("stac")!.Validate(options).Single().Key.ShouldBe("hypergradient.damping");
    }

    [Theory]
    [InlineData("sac")]
    [InlineData("st-sac")]
    public void Settings_that_sac_cannot_follow_are_faults(string id)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        var options = (SacOptions)descriptor.CreateOptions();
        descriptor.Validate(options).ShouldBeEmpty();
        descriptor.Validate(options with { TargetPolicy = TargetPolicy.Target }).Single().Key.ShouldBe("target_policy");
        descriptor.Validate(options with { ActionNoise = 0.1 }).Single().Key.ShouldBe("action_noise");
        descriptor.Validate(options with { Autotune = true, Temperature = 0 }).Single().Key.ShouldBe("temperature");
        descriptor.Validate(options with { Temperature = 0 }).ShouldBeEmpty();
    }

    private static AcOptions Led(LeaderRole leader) => new() { Leading = new LeaderOptions { Leader = leader } };

    private static readonly AcOptions Shared = new();

    private static AlgorithmDescriptor Described(string id) => new()
    {
        Id = id,
        Title = "Title",
        Summary = "Summary",
        References = [],
        OptionsType = typeof(AcOptions),
        Create = static (_, _) => throw new NotSupportedException(),
    };

    private sealed class Adds(AlgorithmDescriptor descriptor) : IAlgorithmPlugin
    {
        public void Register(AlgorithmCatalogue catalogue) => catalogue.Add(descriptor);
    }

    private sealed record NoConstructor(int Depth);

    private sealed record ConstructorThrows
    {
        public ConstructorThrows() => throw new InvalidOperationException("not today");
    }

    private sealed record NotDescribed
    {
        public double Gamma { get; init; }
    }

    private sealed record OfUnknownType
    {
        [Option("since when")]
        public DateTime Since { get; init; }
    }

    private sealed record OfSmallType
    {
        [Option("how deep")]
        public byte Depth { get; init; }
    }

    private sealed record NoSetter
    {
        [Option("discount")]
        public double Gamma { get; }
    }

    private sealed record NoDefault
    {
        [Option("a name")]
        public string Name { get; init; } = null!;
    }

    private sealed record DefaultOutOfRange
    {
        [Option("discount", Maximum = 1)]
        public double Gamma { get; init; } = 2;
    }

    private sealed record DefaultNoNumber
    {
        [Option("discount")]
        public double Gamma { get; init; } = double.NaN;
    }

    private sealed record DefaultNoChoice
    {
        [Option("kind", Choices = ["a", "b"])]
        public string Kind { get; init; } = "c";
    }

    private sealed record ElementOutOfRange
    {
        [Option("widths", Minimum = 1)]
        public int[] Hidden { get; init; } = [64, 0];
    }

    private sealed record ChoicesOfNumber
    {
        [Option("how deep", Choices = ["1", "2"])]
        public int Depth { get; init; } = 1;
    }

    private sealed record ForeignChoices
    {
        [Option("kind", ChoicesFrom = typeof(string))]
        public string Kind { get; init; } = "";
    }

    private sealed record NestedFault
    {
        public OfUnknownType Inner { get; init; } = new();
    }

    private sealed record NullGroup
    {
        public AcOptions Inner { get; init; } = null!;
    }

    private sealed record Endless
    {
        [Option("how deep")]
        public int Depth { get; init; }

        public Endless Inner
        {
            get => this;
            init => Depth = value.Depth;
        }
    }
}
