namespace Stackelberg.Agents.Internals;

/// <summary>Hears nothing, for steps that are no part of a run.</summary>
internal sealed class SilentSink : ITrainingSink;
