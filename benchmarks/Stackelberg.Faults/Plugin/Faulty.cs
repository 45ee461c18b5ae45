using Stackelberg.Environments;

namespace Stackelberg.Faults.Plugin;

/// <summary>Where a plug-in goes wrong.</summary>
public enum Place
{
    Nowhere, Constructor, Reset, Step, Save, Load, Dispose, Reward, Observation, Spaces, Act, Solve,
}

/// <summary>Goes wrong when it is time, and leaves a file that says it did.</summary>
internal static class Faulty
{
    /// <summary>The file, in the current folder.</summary>
    public const string Mark = "fired";

    public const string Message = "sensor offline";

    private static readonly Func<Exception>[] Exceptions =
    [
        () => new InvalidOperationException(Message), () => new IOException(Message), () => new OperationCanceledException(Message), () => new TaskCanceledException(Message),
        () => new NullReferenceException(Message), () => new IndexOutOfRangeException(Message), () => new ArgumentException(Message), () => new ArgumentNullException("sensor", Message),
        () => new FormatException(Message), () => new OutOfMemoryException(Message), () => new TimeoutException(Message), () => new KeyNotFoundException(Message),
        () => new UnauthorizedAccessException(Message), () => new AggregateException(Message, new IOException(Message)), () => new SensorException(Message), () => new TypeInitializationException(Message, new IOException(Message)),
        () => new NotSupportedException(Message), () => new OverflowException(Message), () => new ObjectDisposedException(Message), () => new FileNotFoundException(Message), () => new EnvironmentException(Message),
        () => new InvalidDataException(Message), () => new DivideByZeroException(Message), () => new ThreadInterruptedException(Message), () => new System.Text.Json.JsonException(Message), () => new AccessViolationException(Message),
    ];

    // two seeds train side by side
    private static readonly Lock Gate = new();

    private static readonly double[] Values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e39, -1e300, double.MaxValue];

    /// <summary>How many faults there are of each place.</summary>
    public static int Kinds => Exceptions.Length;

    /// <summary>Throws.</summary>
    public static void Throw(int kind)
    {
        Note();
        throw Exceptions[kind % Exceptions.Length]();
    }

    /// <summary>A number that is none, or none in single precision.</summary>
    public static double Value(int kind)
    {
        Note();
        return Values[kind % Values.Length];
    }

    /// <summary>Counts the calls that all instances of a process received in a place, in a file.</summary>
    public static bool IsTime(Place place, int after)
    {
        string file = $"calls-{place}";
        lock (Gate)
        {
            File.AppendAllText(file, "x");
            return new FileInfo(file).Length > after;
        }
    }

    /// <summary>Leaves the file.</summary>
    public static void Note()
    {
        lock (Gate)
        {
            File.AppendAllText(Mark, "x");
        }
    }

    private sealed class SensorException(string message) : Exception(message);
}
