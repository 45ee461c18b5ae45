namespace Stackelberg.Environments;

/// <summary>The multi-agent environments, under their ids.</summary>
public static class GameEnvironments
{
    /// <summary>Rounds of the repeated prisoner's dilemma (Gerstgrasser and Parkes 2023).</summary>
    public const int RepeatedRounds = 10;

    /// <summary>Steps after which the counterexample and the grids are truncated. Ours: paper and code state none.</summary>
    public const int StepLimit = 100;

    /// <summary>Highway merge with initial speeds from U(30, 40).</summary>
    public static EnvironmentSpec HighwayMergeV0 { get; } = new("HighwayMerge-v0", null, null)
    {
        Description = "A car on the main lane and one from the ramp: pass first, do not crash. Speeds from U(30, 40).",
    };

    /// <summary>Highway merge with the released code's initial speeds from U(38, 40).</summary>
    public static EnvironmentSpec HighwayMergeReleasedV0 { get; } = new("HighwayMergeReleased-v0", null, null)
    {
        Description = "Highway merge with the initial speeds of the released code, U(38, 40).",
    };

    /// <summary>Registers all of them.</summary>
    /// <exception cref="ArgumentException">One of the ids is taken.</exception>
    public static void Register(MultiAgentCatalogue catalogue)
    {
        foreach (MatrixGame game in MatrixGames.All)
        {
            AddGame(catalogue, $"{game.Name}-v0", null, $"Matrix game, played once: {game.Name}.", game.Once);
        }

        AddGame(catalogue, "RepeatedPrisonersDilemma-v0", RepeatedRounds,
            "Prisoner's dilemma repeated by players who remember the last joint action; starts from a uniform one.",
            () => MatrixGames.PrisonersDilemma.RepeatedWithMemory(RepeatedGameStart.UniformHistory));
        AddGame(catalogue, "TwoStateCounterexample-v0", StepLimit,
            "Two states in which bi-level Q-learning has a false fixed point beside the solution.", TwoStateCounterexample.Create);
        AddGrid(catalogue, "CooperativeGrid-v0", "Two agents meet on one of two goals worth 200 and 100, as in the code.", new CooperativeGridOptions());
        AddGrid(catalogue, "CooperativeGridFigure-v0", "Two agents meet on one of two goals worth 20 and 10, as in the paper's figure.", CooperativeGridOptions.Figure);
        AddGame(catalogue, "SharedGoalGrid-v0", StepLimit,
            "Two agents race to one goal that only one of them can take.", ContestedGrids.SharedGoal);
        AddGame(catalogue, "TrapGrid-v0", StepLimit,
            "Two agents cross a board with traps to goals of their own; the first to arrive ends the game.", ContestedGrids.Traps);
        foreach (ContinuousGame game in (IEnumerable<ContinuousGame>)
            [.. ContinuousGames.OfTheCode, ContinuousGames.Oligopoly(2), ContinuousGames.Oligopoly(3), ContinuousGames.Oligopoly(4)])
        {
            EnvironmentSpec spec = new($"{game.Name}-v0", null, null)
            {
                Description = $"Continuous game, played once: {game.Name}.",
                Deterministic = true,
            };
            catalogue.Add(spec, () => new DifferentialGame(game, spec: spec));
        }

        catalogue.Add(HighwayMergeV0, HighwayMergeOptions.WideSpeeds, static o => new HighwayMerge(o, HighwayMergeV0));
        catalogue.Add(HighwayMergeReleasedV0, HighwayMergeOptions.ReleasedSpeeds, static o => new HighwayMerge(o, HighwayMergeReleasedV0));
    }

    private static void AddGrid(MultiAgentCatalogue catalogue, string id, string description, CooperativeGridOptions options)
    {
        EnvironmentSpec spec = new(id, StepLimit, null) { Description = description, Deterministic = true };
        catalogue.Add(spec, options, o => new MarkovGameEnvironment(CooperativeGrid.Create(o), spec));
    }

    private static void AddGame(MultiAgentCatalogue catalogue, string id, int? limit, string description, Func<MarkovGame> make)
    {
        bool deterministic = make().Start.Contains(1.0);
        EnvironmentSpec spec = new(id, limit, null) { Description = description, Deterministic = deterministic };
        catalogue.Add(spec, () => new MarkovGameEnvironment(make(), spec));
    }
}
