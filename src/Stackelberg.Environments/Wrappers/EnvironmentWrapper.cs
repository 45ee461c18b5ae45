using Stackelberg.Primitives;

namespace Stackelberg.Environments.Wrappers;

/// <summary>An environment around another. What a wrapper does not override goes to the inner environment unchanged.</summary>
/// <remarks>
/// A wrapper owns its inner environment: disposing it disposes the inner one. Saved state holds the inner state under <c>inner</c> and the
/// wrapper's own beside it, so a stack of wrappers continues bit for bit.
/// </remarks>
public abstract class EnvironmentWrapper(IEnvironment inner) : IEnvironment
{
    /// <summary>The environment inside.</summary>
    public IEnvironment Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public virtual EnvironmentSpec Spec => Inner.Spec;

    /// <inheritdoc/>
    public virtual Space ObservationSpace => Inner.ObservationSpace;

    /// <inheritdoc/>
    public virtual Space ActionSpace => Inner.ActionSpace;

    /// <inheritdoc/>
    public virtual void Reset(ulong? seed, Span<double> observation) => Inner.Reset(seed, observation);

    /// <inheritdoc/>
    public virtual StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => Inner.Step(action, observation);

    /// <inheritdoc/>
    public virtual void Save(StateWriter writer)
    {
        writer.Write("inner", Inner);
        SaveOwn(writer);
    }

    /// <inheritdoc/>
    public virtual void Load(StateReader reader)
    {
        reader.Read("inner", Inner);
        LoadOwn(reader);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Inner.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes this wrapper's own state; the key <c>inner</c> is taken.</summary>
    protected virtual void SaveOwn(StateWriter writer)
    {
    }

    /// <summary>Restores what <see cref="SaveOwn"/> wrote.</summary>
    protected virtual void LoadOwn(StateReader reader)
    {
    }
}

/// <summary>Walks through wrappers.</summary>
public static class EnvironmentWrapperExtensions
{
    /// <summary>The outermost environment of type <typeparamref name="T"/> in a stack of wrappers, or null; below them, one of several agents.</summary>
    public static T? Find<T>(this IEnvironment environment)
        where T : class
    {
        for (IEnvironment? layer = environment; layer is not null; layer = (layer as EnvironmentWrapper)?.Inner)
        {
            if (layer is T found)
            {
                return found;
            }

            if (layer is JointEnvironment joint)
            {
                return joint.Inner.Unwrapped() as T;
            }
        }

        return null;
    }

    /// <summary>The dynamics below all wrappers.</summary>
    public static IEnvironment Unwrapped(this IEnvironment environment)
    {
        while (environment is EnvironmentWrapper wrapper)
        {
            environment = wrapper.Inner;
        }

        return environment;
    }
}
