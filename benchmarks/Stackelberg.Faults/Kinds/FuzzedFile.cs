using System.Text;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Fuzzing;

namespace Stackelberg.Faults.Kinds;

/// <summary>Inputs that were valid and were changed: the file that one is written to, and the commands that read it.</summary>
public abstract class FuzzedFile : FaultKind
{
    /// <inheritdoc/>
    public override int Length => 20_000;

    /// <summary>The valid inputs: files of the shared folder.</summary>
    protected static IReadOnlyList<string> Seeds(Attempt attempt, string pattern) =>
        [.. Directory.EnumerateFiles(attempt.Shared, pattern).Order(StringComparer.Ordinal)];

    /// <summary>A changed text as bytes: by tokens, by the grammar where there is one for it, or by bytes.</summary>
    private protected static byte[] Change(Attempt attempt, string text, IReadOnlyList<string> words, IReadOnlyList<string> others, Func<string, string>? byGrammar = null)
    {
        TextMutator mutator = new(attempt.Random, words);
        double way = attempt.Random.NextDouble();
        return way < 0.12 ? mutator.Noise(Encoding.UTF8.GetBytes(text))
            : way < 0.6 && byGrammar is not null ? Bytes.Of(byGrammar(text))
            : Bytes.Of(mutator.Change(text, others));
    }

    /// <summary>Writes a file of the undisturbed kind by the command itself.</summary>
    private protected static string Made(Attempt shared, params string[] arguments)
    {
        CallResult call = shared.Call(arguments);
        return call.Code == 0 ? call.Output : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {call.Code}: {call.Escaped}{call.Error}");
    }
}
