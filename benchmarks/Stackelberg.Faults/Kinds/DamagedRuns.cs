using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>
/// Run folders in which something was changed, removed or mixed up. Right is the undisturbed result, a note of what was rebuilt or passed over, or a refusal that names the place.
/// </summary>
public sealed class DamagedRuns : FaultKind
{
    /// <inheritdoc/>
    public override string Name => "damage";

    /// <inheritdoc/>
    public override string Title => "run folders, finished and not, with a damaged, missing or foreign file or checkpoint; then resume, eval, replay, export";

    /// <inheritdoc/>
    public override int Length => 3000;

    /// <inheritdoc/>
    public override int Patience => 3;

    /// <inheritdoc/>
    public override void Prepare(Attempt shared) => Pool.Make(shared);

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        (string algorithm, string environment) = attempt.Pick(Pool.Members);
        bool isFinished = attempt.Chance(0.4);
        int seed = attempt.Random.NextInt32(2);
        string pool = Pool.Of(attempt.Shared, algorithm, environment, isFinished);
        string run = attempt["runs", $"seed-{seed}"], sibling = attempt["runs", $"seed-{1 - seed}"];
        Folders.Copy(Path.Combine(pool, $"seed-{seed}"), run);
        bool hasSibling = attempt.Chance(0.25);
        if (hasSibling)
        {
            Folders.Copy(Path.Combine(pool, $"seed-{1 - seed}"), sibling);
        }

        (string otherAlgorithm, string otherEnvironment) = attempt.Chance(0.6) ? (algorithm, environment) : attempt.Pick(Pool.Members);
        string other = Path.Combine(Pool.Of(attempt.Shared, otherAlgorithm, otherEnvironment, isFinished), $"seed-{1 - seed}");
        Damage damage = attempt.Chance(0.75) ? Damage.File(attempt, run, other) : Damage.Folder(attempt, run, other);
        attempt.Tell($"{algorithm} on {environment}, {(isFinished ? "finished" : "unfinished")}, seed {seed}: {damage.Place}: {damage.What}");
        IReadOnlyList<string> debris = Artifacts.Debris(attempt["runs"]);
        Verdict verdict = attempt.Random.NextInt32(10) switch
        {
            0 when environment != "weather.json" => JudgeOutput(attempt.Call("replay", run, "--out", attempt["page.html"], "--episodes", "1"), damage, run),
            1 => JudgeOutput(attempt.Call("hypergradient", "export", "--run", run, "--out", attempt["export"]), damage, run),
            // nothing else in an unfinished run knows of its newest checkpoint: eval plays the newest there is
            2 or 3 when isFinished || damage.What != "deleted" => Compare(attempt.Call(Pool.Eval(run)), Pool.Reference(pool, seed, "eval"), damage, run),
            _ => Resume(attempt, pool, seed, damage, run, hasSibling ? sibling : null),
        };
        return verdict.IsBroken || Artifacts.Debris(attempt["runs"]).Except(debris).FirstOrDefault() is not { } left ? Told(verdict, damage)
            : Told(new Verdict(Outcome.Debris, $"left {left}"), damage);
    }

    private static Verdict Resume(Attempt attempt, string pool, int seed, Damage damage, string run, string? sibling)
    {
        string reference = pool.Replace("unfinished", "runs", StringComparison.Ordinal);
        CallResult call = attempt.Call(Pool.Resume(sibling is null ? run : Path.GetDirectoryName(run)!));
        if (sibling is not null && Artifacts.Differences(Path.Combine(reference, Path.GetFileName(sibling)), sibling) is [var difference, ..])
        {
            return Basic(call, damage, run) is { IsBroken: true } worse ? worse : new Verdict(Outcome.Lost, Judge.First(call, $"the other seed was kept from going on, {difference} is missing or differs"));
        }

        (string results, string[] notes) = Pool.Reference(pool, seed, "resume");
        if (sibling is not null)
        {
            // what is said is of two runs; what lies there is judged alone
            results = Artifacts.Results(call.Output) ?? results;
        }

        Verdict verdict = Compare(call, (results, notes), damage, run);
        if (verdict.Outcome != Outcome.Equal)
        {
            return verdict;
        }

        // a finished run is not touched: what its tables say is not used
        IReadOnlyList<string> differences = pool == reference ? [] : Artifacts.Differences(Path.Combine(reference, $"seed-{seed}"), run);
        return differences.Count == 0 ? verdict : Said(call, notes, $"other bytes in {string.Join(", ", differences)}");
    }

    private static Verdict Compare(CallResult call, (string Results, string[] Notes) reference, Damage damage, string run)
    {
        Verdict basic = Basic(call, damage, run);
        return basic.Outcome != Outcome.Done ? basic
            : Artifacts.Results(call.Output) == reference.Results ? new Verdict(Outcome.Equal)
            : Said(call, reference.Notes, $"other results: {Artifacts.Results(call.Output)?.ReplaceLineEndings(" ")} for {reference.Results.ReplaceLineEndings(" ")}");
    }

    private static Verdict Said(CallResult call, string[] notes, string what) =>
        Artifacts.Notes(call).Except(notes).Any() ? new Verdict(Outcome.Said) : new Verdict(Outcome.SilentUse, Judge.First(call, what));

    // pages and exports are not compared; that their checkpoint is the right one is seen by eval
    private static Verdict JudgeOutput(CallResult call, Damage damage, string run) => Basic(call, damage, run);

    private static Verdict Basic(CallResult call, Damage damage, string run)
    {
        Verdict verdict = Judge.Of(call, [2, 3, 4]);
        string[] names = [Path.GetFileName(damage.Place), Path.GetFileName(Path.GetDirectoryName(damage.Place)!), Path.GetFileName(run)];
        return verdict.Outcome == Outcome.Refused && !Array.Exists(names, n => n.Length > 0 && call.Error.Contains(n, StringComparison.Ordinal))
            ? new Verdict(Outcome.Form, Judge.First(call, $"does not name {damage.Place}"))
            : verdict;
    }

    private static Verdict Told(Verdict verdict, Damage damage) => verdict.IsBroken ? verdict with { Detail = $"{damage.Place} {damage.What}: {verdict.Detail}" } : verdict;
}
