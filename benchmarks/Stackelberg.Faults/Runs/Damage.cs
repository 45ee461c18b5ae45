using System.Text;
using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>One thing done to a run's folder.</summary>
/// <param name="What">In words.</param>
/// <param name="Place">The file or folder, relative to the run.</param>
internal sealed record Damage(string What, string Place)
{
    /// <summary>Damages a file of the run.</summary>
    /// <param name="other">Another run, of whose files one may come in.</param>
    public static Damage File(Attempt attempt, string run, string other)
    {
        string[] top = Directory.GetFiles(run), all = Directory.GetFiles(run, "*", SearchOption.AllDirectories);
        string[] from = attempt.Chance(0.5) ? top : all;
        string file = attempt.Pick(from.Order(StringComparer.Ordinal).ToArray()), name = Path.GetRelativePath(run, file);
        byte[] bytes = System.IO.File.ReadAllBytes(file);
        return new Damage(DoTo(attempt, file, bytes, Path.Combine(other, name), all), name);
    }

    /// <summary>Damages a folder of the run.</summary>
    public static Damage Folder(Attempt attempt, string run, string other)
    {
        IReadOnlyList<string> checkpoints = Artifacts.Checkpoints(run), others = Artifacts.Checkpoints(other);
        string one = attempt.Pick(checkpoints), foreign = attempt.Pick(others), store = Path.Combine(run, "checkpoints");
        string name = Path.GetRelativePath(run, one), elsewhere = Path.Combine(store, attempt.Pick(["step-000000000123", "step-000000000999", "step-9", "step-000000000000", "step-99999999999999999999", "step-000000000450.bak"]));
        switch (attempt.Random.NextInt32(9))
        {
            case 0:
                Directory.Move(one, elsewhere);
                return new Damage($"renamed to {Path.GetFileName(elsewhere)}", name);
            case 1:
                Folders.Copy(one, elsewhere);
                return new Damage($"copied to {Path.GetFileName(elsewhere)}", Path.GetRelativePath(run, elsewhere));
            case 2 or 3:
                Folders.Delete(one);
                Folders.Copy(foreign, one);
                return new Damage($"replaced by {foreign}", name);
            case 4:
                Folders.Delete(one);
                return new Damage("deleted", name);
            case 5:
                Folders.Delete(store);
                return new Damage("deleted", "checkpoints");
            case 6:
                Folders.Delete(one);
                Directory.CreateSymbolicLink(one, attempt.Pick([".", "..", "../..", one, checkpoints[0], "/nowhere"]));
                return new Damage("replaced by a link", name);
            case 7:
                Directory.CreateSymbolicLink(Path.Combine(run, "again"), attempt.Pick([".", ".."]));
                return new Damage("a link in a circle beside it", "again");
            default:
                Directory.CreateDirectory(Path.Combine(store, "step-000000000777"));
                return new Damage("an empty checkpoint beside it", "checkpoints/step-000000000777");
        }
    }

    private static string DoTo(Attempt attempt, string file, byte[] bytes, string counterpart, string[] all)
    {
        int at = bytes.Length == 0 ? 0 : attempt.Random.NextInt32(bytes.Length);
        switch (attempt.Random.NextInt32(14))
        {
            case 0 or 1 or 2 when bytes.Length > 0:
                bytes[at] ^= (byte)(1 << attempt.Random.NextInt32(8));
                System.IO.File.WriteAllBytes(file, bytes);
                return $"bit flipped in byte {at}";
            case 3 when bytes.Any(b => b is >= (byte)'0' and <= (byte)'9'):
                int digit = Enumerable.Range(0, bytes.Length).Select(i => (at + i) % bytes.Length).First(i => bytes[i] is >= (byte)'0' and <= (byte)'9');
                bytes[digit] = (byte)('0' + ((bytes[digit] - '0' + 1 + attempt.Random.NextInt32(9)) % 10));
                System.IO.File.WriteAllBytes(file, bytes);
                return $"digit changed in byte {digit}";
            case 4:
                System.IO.File.WriteAllBytes(file, bytes[..at]);
                return $"cut off after {at} of {bytes.Length} bytes";
            case 5:
                System.IO.File.AppendAllText(file, attempt.Pick(["x", "\n", "\0", "}", "1,2,3\n", "{\"a\": 1}", "a: 1\n"]), Encoding.UTF8);
                return "appended to";
            case 6:
                System.IO.File.Delete(file);
                return "deleted";
            case 7:
                System.IO.File.Move(file, file + attempt.Pick(["~", ".bak", ".tmp", ".1"]));
                return "renamed";
            case 8 or 9 when System.IO.File.Exists(counterpart):
                System.IO.File.Copy(counterpart, file, overwrite: true);
                return $"replaced by {counterpart}";
            case 10:
                string another = attempt.Pick(all.Order(StringComparer.Ordinal).ToArray());
                byte[] those = System.IO.File.ReadAllBytes(another);
                System.IO.File.WriteAllBytes(another, bytes);
                System.IO.File.WriteAllBytes(file, those);
                return $"swapped with {another}";
            case 11:
                System.IO.File.WriteAllBytes(file, []);
                return "emptied";
            case 12:
                System.IO.File.Delete(file);
                Directory.CreateDirectory(file);
                return "replaced by a folder";
            case 13:
                System.IO.File.Delete(file);
                System.IO.File.CreateSymbolicLink(file, attempt.Pick([Path.GetFileName(file), ".", "/nowhere"]));
                return "replaced by a link";
            default:
                int line = Array.IndexOf(bytes, (byte)'\n', at);
                System.IO.File.WriteAllBytes(file, line < 0 ? [] : [.. bytes.AsSpan(0, at), .. bytes.AsSpan(line)]);
                return $"the rest of a line removed at byte {at}";
        }
    }
}
