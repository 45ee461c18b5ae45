using System.Reflection;

namespace Stackelberg.Primitives;

/// <summary>What an exception out of foreign code says, fit for one line of a message.</summary>
public static class ExceptionText
{
    /// <summary>The exception's own words in one line, without what the runtime adds to them; where it has none, that it has none.</summary>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        while (exception is TargetInvocationException or TypeInitializationException or AggregateException && exception.InnerException is { } cause)
        {
            exception = cause;
        }

        string text = Message(exception);
        if (exception is ArgumentException { ParamName: { Length: > 0 } name })
        {
            text = text.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        }

        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Type type = exception.GetType();
        return text.Length > 0 && text != $"Exception of type '{type.FullName}' was thrown." ? text
            : type.Namespace is "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true ? "(no message)"
            : $"(no message; {type.Name})";
    }

    // a class of the user's own may return null, or fail here too
    private static string Message(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }
}
