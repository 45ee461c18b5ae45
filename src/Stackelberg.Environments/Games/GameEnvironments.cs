namespace Stackelberg.Environments;

/// <summary>The multi-agent environments, under their ids.</summary>
public static class GameEnvironments
{
    /// <summary>Rounds of the repeated prisoner's dilemma (Gerstgrasser and Parkes 2023).</summary>
    public const int RepeatedRounds = 10;

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
    }

    private static void AddGame(MultiAgentCatalogue catalogue, string id, int? limit, string description, Func<MarkovGame> make)
    {
        bool deterministic = make().Start.Contains(1.0);
        EnvironmentSpec spec = new(id, limit, null) { Description = description, Deterministic = deterministic };
        catalogue.Add(spec, () => new MarkovGameEnvironment(make(), spec));
    }
}
