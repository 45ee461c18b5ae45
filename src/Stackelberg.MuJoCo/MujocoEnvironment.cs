using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Stackelberg.Environments;
using Stackelberg.MuJoCo.Native;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo;

/// <summary>
/// A task on MuJoCo physics: the engine's side of Gymnasium's <c>MujocoEnv</c>. A task adds how an episode starts, what is observed and how
/// a step is judged.
/// </summary>
/// <remarks>
/// <para>A step writes the action as controls, advances the engine <see cref="FrameSkip"/> times and evaluates the task. As in Gymnasium,
/// actions beyond the control range are not an error: the engine clamps the force, while costs are computed from the action as given.
/// Actions that are not finite are an error, since the engine would quietly treat them as zero.</para>
/// <para>When the physics diverges the engine resets itself quietly; here the step throws <see cref="EnvironmentException"/> and a
/// <see cref="Reset"/> is due. Any other warning of the engine is treated likewise.</para>
/// <para>A step allocates nothing.</para>
/// </remarks>
public abstract partial class MujocoEnvironment : IEnvironment
{
    // The engine's own bound (mjMAXVAL) beyond which it calls a position or velocity bad.
    private const double LargestValue = 1e10;

    private readonly MjModel model;
    private readonly MjData data;
    private readonly bool needsContactForces;
    private RandomStream random = StreamOf(0);
    private bool inEpisode;
    private bool terminated;
    private long steps;

    /// <summary>Compiles the task's model and makes its simulation.</summary>
    /// <param name="spec">Id, time limit and reward threshold.</param>
    /// <param name="model">File name of the MJCF among the assembly's embedded resources, without folder.</param>
    /// <param name="frameSkip">Engine steps per step of the environment.</param>
    /// <param name="observationSize">Numbers per observation; unbounded.</param>
    /// <param name="needsContactForces">Whether the task uses <see cref="MjData.ExternalForces"/>, which cost a few per cent.</param>
    /// <exception cref="MujocoException">The library cannot be used, or the model is rejected.</exception>
    protected MujocoEnvironment(EnvironmentSpec spec, string model, int frameSkip, int observationSize, bool needsContactForces = false)
    {
        Spec = spec;
        FrameSkip = frameSkip;
        this.needsContactForces = needsContactForces;
        this.model = MjModel.FromMjcf(ReadModel(GetType().Assembly, model));
        data = new MjData(this.model);
        StepSeconds = this.model.Timestep * frameSkip;
        ObservationSpace = new BoxSpace(observationSize, double.NegativeInfinity, double.PositiveInfinity);
        ActionSpace = ControlSpace(this.model);
        InitialStateParts = [new("qpos", this.model.Nq), new("qvel", this.model.Nv)];
        StateColumns = [.. Numbered("qpos", this.model.Nq), .. Numbered("qvel", this.model.Nv), "ncon"];
    }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public Space ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <summary>Engine steps per step of the environment.</summary>
    public int FrameSkip { get; }

    /// <summary>Simulated seconds per step of the environment.</summary>
    public double StepSeconds { get; }

    /// <summary>The compiled model.</summary>
    protected internal MjModel Model => model;

    /// <summary>The simulation.</summary>
    protected internal MjData Data => data;

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observation)
    {
        RequireLength(observation);
        if (seed is ulong value)
        {
            random = StreamOf(value);
        }

        data.Reset();
        SampleInitialState(random, data.Qpos, data.Qvel);
        Begin(observation);
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        RequireLength(observation);
        if (!inEpisode)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        CheckAction(action);
        EngineCallbacks.TakeWarning();
        action.CopyTo(data.Controls);
        data.Step(FrameSkip);
        if (needsContactForces)
        {
            data.ComputeContactForces();
        }

        steps++;
        CheckPhysics();
        (double reward, terminated) = Evaluate(action);
        inEpisode = !terminated;
        Observe(observation);
        GC.KeepAlive(this);
        return new StepResult(reward, terminated, Truncated: false);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("in_episode", inEpisode);
        writer.Write("terminated", terminated);
        writer.Write("steps", steps);
        writer.Write("random", random);
        writer.Write("physics", data);
        SaveTask(writer.Group("task"));
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        inEpisode = reader.ReadBoolean("in_episode");
        terminated = reader.ReadBoolean("terminated");
        steps = reader.ReadInt64("steps");
        reader.Read("random", random);
        reader.Read("physics", data);
        LoadTask(reader.Group("task"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        drawn?.Dispose();
        data.Dispose();
        model.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Disturbs the state an episode starts from.</summary>
    /// <param name="qpos">Holds the model's initial coordinates.</param>
    /// <param name="qvel">Holds zeros.</param>
    protected abstract void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel);

    /// <summary>An episode has begun, from a sampled or a given state: keeps what <see cref="Evaluate"/> needs to know of the state before
    /// the first step.</summary>
    /// <remarks>What later steps need to know, <see cref="Evaluate"/> keeps itself; all of it belongs in <see cref="SaveTask"/>, since
    /// bodies' positions are not there yet when a saved episode goes on.</remarks>
    protected virtual void EpisodeBegan()
    {
    }

    /// <summary>The reward of the step just made with <paramref name="action"/>, and whether it ended the episode.</summary>
    protected abstract (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action);

    /// <summary>Writes the present observation.</summary>
    protected abstract void Observe(Span<double> observation);

    /// <summary>Writes what the task remembers from one step to the next beside the physics: body positions a reward starts from, a sampled
    /// goal.</summary>
    protected virtual void SaveTask(StateWriter writer)
    {
    }

    /// <summary>Restores what <see cref="SaveTask"/> wrote.</summary>
    protected virtual void LoadTask(StateReader reader)
    {
    }

    /// <summary>Adds independent uniforms from [−<paramref name="scale"/>, <paramref name="scale"/>).</summary>
    protected static void AddUniformNoise(RandomStream random, Span<double> values, double scale)
    {
        foreach (ref double value in values)
        {
            value += random.NextUniform(-scale, scale);
        }
    }

    /// <summary>Adds independent normals of standard deviation <paramref name="scale"/>.</summary>
    protected static void AddNormalNoise(RandomStream random, Span<double> values, double scale)
    {
        foreach (ref double value in values)
        {
            value += scale * random.NextNormal();
        }
    }

    /// <summary>Writes the coordinates from number <paramref name="first"/> on and all velocities; returns how many numbers that
    /// are.</summary>
    protected int ObserveState(Span<double> observation, int first)
    {
        data.Qpos[first..].CopyTo(observation);
        data.Qvel.CopyTo(observation[(model.Nq - first)..]);
        return model.Nq - first + model.Nv;
    }

    /// <summary>Writes <paramref name="values"/>, each clipped to [<paramref name="low"/>, <paramref name="high"/>].</summary>
    protected static void Clip(ReadOnlySpan<double> values, double low, double high, Span<double> destination)
    {
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = Math.Clamp(values[i], low, high);
        }
    }

    /// <summary>Metres between the frames of two bodies.</summary>
    protected double Distance(int body, int otherBody)
    {
        ReadOnlySpan<double> positions = data.BodyPositions;
        double sum = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            double difference = positions[(3 * body) + axis] - positions[(3 * otherBody) + axis];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The sum of squares.</summary>
    protected static double SumOfSquares(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum;
    }

    private void Begin(Span<double> observation)
    {
        data.Forward();
        inEpisode = true;
        terminated = false;
        steps = 0;
        EpisodeBegan();
        Observe(observation);
        GC.KeepAlive(this);
    }

    private void CheckAction(ReadOnlySpan<double> action)
    {
        if (action.Length != model.Nu)
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }

        for (int i = 0; i < action.Length; i++)
        {
            if (!double.IsFinite(action[i]))
            {
                throw new EnvironmentException(
                    $"{Spec.Id}: component {i} of the action is {action[i]} in step {steps + 1} of the episode; actions must be finite. " +
                    "Check the policy's parameters.");
            }
        }
    }

    private void CheckPhysics()
    {
        if (data.Diverged)
        {
            Fail(
                "the physics diverged", EngineCallbacks.TakeWarning() ?? "a position, velocity or acceleration is not finite or beyond 1e10");
        }

        // The engine looks at a state when it starts from it; what the last engine step of this environment step left behind is looked at
        // here.
        if (!Bounded(data.Qpos) || !Bounded(data.Qvel))
        {
            Fail("the physics diverged", "a position or velocity is not finite or beyond 1e10");
        }

        // What else the engine warns of (no room for a contact or constraint, a singular inertia) makes the motion wrong as well, if less
        // visibly.
        if (EngineCallbacks.TakeWarning() is string warning)
        {
            Fail("the physics is not to be trusted", warning);
        }
    }

    [DoesNotReturn]
    private void Fail(string what, string cause)
    {
        inEpisode = false;
        terminated = false;
        throw new EnvironmentException(
            $"{Spec.Id}: {what} in step {steps} of the episode ({cause}). The step's outcome is void; call Reset to start a new episode.");
    }

    private static bool Bounded(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!(Math.Abs(value) <= LargestValue))
            {
                return false;
            }
        }

        return true;
    }

    private void RequireLength(ReadOnlySpan<double> observation)
    {
        if (observation.Length != ObservationSpace.Size)
        {
            throw EnvironmentException.WrongObservationLength(Spec.Id, ObservationSpace, observation.Length);
        }
    }

    private static RandomStream StreamOf(ulong seed) => RandomStream.FromSeed(seed).Split("environment");

    private static BoxSpace ControlSpace(MjModel model)
    {
        double[] low = new double[model.Nu];
        double[] high = new double[model.Nu];
        for (int i = 0; i < low.Length; i++)
        {
            (low[i], high[i]) = (model.ControlRange[2 * i], model.ControlRange[(2 * i) + 1]);
        }

        return new BoxSpace(low, high);
    }

    private static string ReadModel(Assembly assembly, string name)
    {
        string resource = Array.Find(assembly.GetManifestResourceNames(), r => r.EndsWith($".Models.{name}", StringComparison.Ordinal))
            ?? throw new ArgumentException($"{assembly.GetName().Name} has no embedded model '{name}'.", nameof(name));
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
