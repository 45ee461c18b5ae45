using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Runs that earlier versions wrote go on in this one. Data/old-run is such a run, stopped after 200 steps.</summary>
public sealed class OldRunTests : IDisposable
{
    // what the version that wrote the run did in the next 200 steps: step, episode, return, length, terminated
    private const string Episodes = """
        322,58,1,1,1
        325,59,1,3,1
        326,60,1,1,1
        328,61,1,2,1
        338,62,0,10,0
        340,63,1,2,1
        343,64,1,3,1
        344,65,1,1,1
        354,66,0,10,0
        361,67,1,7,1
        366,68,1,5,1
        376,69,0,10,0
        386,70,0,10,0
        396,71,0,10,0
        399,72,1,3,1
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_checkpoint_whose_one_input_weights_are_vectors_goes_on_and_is_written_with_matrices()
    {
        string run = folder["runs", "mdp.json", "ac", "seed-0"];
        string source = Path.Combine(AppContext.BaseDirectory, "Data", "old-run");
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(run, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Header(run, 200).ShouldContain("\"network.layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[8],");
        Command.Run(folder.Path, "eval", "runs", "--episodes", "2").ShouldSucceed();
        Command.Run(folder.Path, "resume", "runs", "--total-timesteps", "400", "--quiet").ShouldSucceed();
        Header(run, 400).ShouldContain("\"network.layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[8,1],");
        File.ReadAllText(Path.Combine(run, "episodes.csv")).TrimEnd().ShouldEndWith(Episodes);
        Command.Run(folder.Path, "resume", "runs", "--total-timesteps", "500", "--quiet").ShouldSucceed();
    }

    [Fact]
    public void A_record_of_a_run_with_a_preset_keeps_its_meaning_when_the_preset_has_got_further_keys()
    {
        string[] small = ["--total-timesteps", "60", "--eval-episodes", "1", "--eval-every", "0", "--quiet", "--set", "learning_starts=30", "update_after=30", "batch_size=8", "actor.hidden=4", "critic.hidden=4"];
        Command.Run(folder.Path, ["train", "--algo", "sac", "--preset", "cleanrl", "--env", "Pendulum-v1", .. small]).ShouldSucceed();
        string config = folder["runs", "Pendulum-v1", "sac", "seed-0", "config.yml"];
        string text = File.ReadAllText(config);
        text.ShouldContain("entropy_units: action");
        text.ShouldContain("policy_delay: 2");

        // as a version wrote it whose preset did not have them
        File.WriteAllLines(config, text.Split('\n').Where(l => !l.StartsWith("entropy_units", StringComparison.Ordinal) && !l.StartsWith("policy_delay", StringComparison.Ordinal)));
        Command.Run(folder.Path, "resume", "runs", "--total-timesteps", "90", "--quiet").ShouldSucceed();
        File.ReadAllText(config).ShouldContain("entropy_units: half-range");
        File.ReadAllText(config).ShouldContain("policy_delay: 1");
    }

    private static string Header(string run, int step)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(run, "checkpoints", $"step-{step:D12}", "actor.safetensors"));
        return System.Text.Encoding.UTF8.GetString(bytes, 8, (int)BitConverter.ToInt64(bytes));
    }
}
