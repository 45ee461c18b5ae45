namespace Stackelberg.Faults.Framework;

/// <summary>One kind of fault: how it is caused, and what is right then.</summary>
public abstract class FaultKind
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>One line on what is tried.</summary>
    public abstract string Title { get; }

    /// <summary>Tries of a campaign at length.</summary>
    public abstract int Length { get; }

    /// <summary>Seconds a try may last, as a multiple of <c>--seconds-per-try</c>: more where one try is several trainings.</summary>
    public virtual int Patience => 1;

    /// <summary>Makes what all tries need, such as undisturbed runs. Called once, in a process of its own.</summary>
    /// <param name="shared">Empty folder; every try gets its path.</param>
    public virtual void Prepare(Attempt shared)
    {
    }

    /// <summary>One try. All choices come from the attempt's stream, so that number and seed repeat it.</summary>
    public abstract Verdict Try(Attempt attempt);
}
