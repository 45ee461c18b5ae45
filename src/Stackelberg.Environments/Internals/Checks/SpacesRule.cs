using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

internal sealed class SpacesRule : CheckRule
{
    private const int Samples = 64;

    public override string Name => "spaces";

    public override string Description => "Spaces have a size, contain their own samples, exclude NaN and wrong lengths, and never change.";

    public override void Check(CheckRun run)
    {
        using IEnvironment environment = run.Create();
        string before = $"{environment.ObservationSpace} and {environment.ActionSpace}";
        bool sound = CheckSpace(run, "observation", environment.ObservationSpace) & CheckSpace(run, "action", environment.ActionSpace);
        if (environment.ActionSpace is BoxSpace box)
        {
            WarnOfEmptyWidth(run, box);
        }

        environment.Reset(run.Options.Seed, run.Buffer());
        string after = $"{environment.ObservationSpace} and {environment.ActionSpace}";
        if (sound && before != after)
        {
            run.Error(this, $"the spaces were {before} and are {after} after Reset", "spaces that never change",
                "Make the spaces once, in the constructor: networks are sized by them.");
        }
    }

    private bool CheckSpace(CheckRun run, string kind, Space space)
    {
        if (space.Size <= 0)
        {
            run.Error(this, $"the {kind} space {space} has size {space.Size}", "at least one number per element",
                "Return the number of entries from Size.");
            return false;
        }

        RandomStream random = run.Stream($"samples-{kind}");
        double[] element = new double[space.Size];
        for (int i = 0; i < Samples; i++)
        {
            space.Sample(random, element);
            if (!space.Contains(element))
            {
                run.Error(this, $"the {kind} space {space} does not contain its own sample [{string.Join(", ", element)}]",
                    "every sample inside", "Make Sample and Contains agree on the bounds.");
                return false;
            }
        }

        if (space.Contains(new double[space.Size + 1]))
        {
            run.Error(this, $"the {kind} space {space} contains an element of {space.Size + 1} numbers", $"only elements of {space.Size}",
                "Compare the length in Contains.");
            return false;
        }

        element[0] = double.NaN;
        if (space.Contains(element))
        {
            run.Error(this, $"the {kind} space {space} contains NaN", "finite numbers only",
                "Write bounds as !(x >= low && x <= high), which NaN fails.");
            return false;
        }

        return true;
    }

    private void WarnOfEmptyWidth(CheckRun run, BoxSpace box)
    {
        for (int i = 0; i < box.Size; i++)
        {
            if (box.Low[i] == box.High[i])
            {
                run.Report(this, FindingSeverity.Warning, $"action entry {i} is bounded by {box.Low[i]} on both sides", "an entry that can be chosen",
                    "Remove the entry or widen its bounds.");
            }
        }
    }
}
