using Stackelberg.Agents;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments;

/// <summary>A plug-in's algorithm threw, or broke its contract; the message names algorithm, plug-in, call and fault.</summary>
public sealed class PluginFaultException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>For an exception out of a call into an algorithm.</summary>
    /// <param name="algorithm">Its id.</param>
    /// <param name="plugin">Path of the plug-in.</param>
    /// <param name="call">The member that threw.</param>
    /// <param name="fault">What it threw.</param>
    public static PluginFaultException Describe(string algorithm, string plugin, string call, Exception fault) =>
        new($"'{algorithm}' of the plug-in '{plugin}' failed in {call}: {ExceptionText.Of(fault)}", fault);

    /// <inheritdoc cref="Describe(string, string, string, Exception)"/>
    internal static PluginFaultException Describe(AlgorithmCatalogue algorithms, string algorithm, string call, Exception fault) =>
        Describe(algorithm, algorithms.PluginOf(algorithm) ?? "", call, fault);
}
