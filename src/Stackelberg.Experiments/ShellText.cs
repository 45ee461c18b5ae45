using System.Text;

namespace Stackelberg.Experiments;

/// <summary>Words of a command that a message tells its reader to type, so that a POSIX shell takes each for one word.</summary>
/// <remarks>Where a word needs quotes they are double ones, since messages put a command in single ones.</remarks>
public static class ShellText
{
    /// <summary>Any word.</summary>
    public static string Word(string word)
    {
        if (word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or '=' or '@' or '%' or '+' or ','))
        {
            return word;
        }

        if (word.Any(char.IsControl))
        {
            return $"$'{string.Concat(word.Select(Escape))}'";
        }

        StringBuilder quoted = new("\"");
        foreach (char c in word)
        {
            // an interactive shell looks for ! within double quotes, where nothing hides it
            _ = c == '!' ? quoted.Append("\"\\!\"") : c is '"' or '\\' or '$' or '`' ? quoted.Append('\\').Append(c) : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A path, which must not look like a flag either.</summary>
    public static string Path(string path) => Word(path.StartsWith('-') ? "./" + path : path);

    private static string Escape(char c) => c switch
    {
        '\'' or '\\' => $"\\{c}",
        _ when char.IsControl(c) => $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}",
        _ => c.ToString(),
    };
}
