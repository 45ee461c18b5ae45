using Stackelberg.Environments;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>The registered tasks as tests want them: bare, without the time limit around them.</summary>
internal static class TaskCase
{
    /// <summary>Every id of the library.</summary>
    internal static string[] Ids { get; } = [.. Catalogue().Specs.Select(s => s.Id)];

    /// <summary>Every recorded trajectory: one per id, two of the arm that pushes.</summary>
    internal static string[] Recordings { get; } = [.. Ids, "Pusher-v4.push"];

    internal static EnvironmentCatalogue Catalogue()
    {
        var catalogue = new EnvironmentCatalogue();
        MujocoTasks.Register(catalogue);
        return catalogue;
    }

    /// <summary>The task of a recording or id, with Gymnasium's constants.</summary>
    internal static MujocoEnvironment Make(string recording)
    {
        string type = recording[..recording.IndexOf('-', StringComparison.Ordinal)];
        return (MujocoEnvironment)typeof(MujocoTasks).Assembly.GetType($"Stackelberg.MuJoCo.Tasks.{type}", throwOnError: true)!
            .GetConstructors().ShouldHaveSingleItem().Invoke([null]);
    }
}
