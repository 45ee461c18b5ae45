using System.Numerics;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Tests.Support;

/// <summary>Makes this assembly a plug-in: an algorithm and a linear solver that misbehave where they are told to.</summary>
public sealed class TestAlgorithms : IAlgorithmPlugin, ISolverPlugin, ILinearSolverFactory
{
    /// <summary>Which fault the plug-in itself has, in this variable of the process; none when it is missing.</summary>
    public const string Variable = "STACKELBERG_TEST_PLUGIN";

    private readonly string? fault = Environment.GetEnvironmentVariable(Variable);

    public TestAlgorithms()
    {
        if (fault == "constructor")
        {
            throw new InvalidOperationException("no licence for these methods");
        }
    }

    public void Register(AlgorithmCatalogue catalogue)
    {
        AlgorithmDescriptor guess = new()
        {
            Id = "guess",
            Title = "Guessing",
            Summary = "Weights walk at random.",
            References = ["none"],
            OptionsType = typeof(GuessOptions),
            Create = static (context, options) => Guess.Create(context, (GuessOptions)options),
            Validate = static options => ((GuessOptions)options).Fault == GuessFault.Validate ? throw new InvalidOperationException("validate failed") : [],
        };
        catalogue.Add(guess);
        switch (fault)
        {
            case "register":
                throw new FormatException("a list is torn");
            case "duplicate":
                catalogue.Add(guess);
                break;
            case "options":
                catalogue.Add(guess with { Id = "dated", OptionsType = typeof(DatedOptions) });
                break;
            case "key":
                catalogue.Add(guess with { Id = "seeded", OptionsType = typeof(SeededOptions) });
                break;
        }
    }

    public void Register(SolverCatalogue catalogue) => catalogue.Add(new SolverDescriptor(
        fault == "solver" ? "cg" : "brittle", "breaks at the fifth solve", OperatorProperties.None, NeedsTransposed: false, [nameof(SolverOptions.Rank)], "", this));

    public ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => options.Rank == 3 ? throw new InvalidOperationException("three is unlucky") : new Brittle<T>();

    private sealed class Brittle<T> : ILinearSolver<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private int solves;

        public string Name => "brittle";

        public OperatorProperties Requires => OperatorProperties.None;

        public LinearSolution Solve(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
        {
            if (++solves == 5)
            {
                throw new InvalidOperationException("it broke");
            }

            b.CopyTo(x);
            return new LinearSolution(SolveStatus.Approximated, 0, 0.5, double.NaN, damping);
        }
    }
}

public enum GuessFault
{
    None,
    Validate,
    Create,
    CreateFile,
    CreateNothing,
    CreateMemory,
    Iterate,
    IterateFile,
    IterateEnvironment,
    Stall,
    Metric,
    Save,
    Load,
    Act,
    Networks,
    Dispose,
}

public sealed record GuessOptions
{
    private readonly double width = 0.1;

    [Option("where to fail")]
    public GuessFault Fault { get; init; }

    [Option("size of a step", Minimum = 0)]
    public double Width
    {
        get => width;
        init => width = value is 13 ? throw new InvalidOperationException("thirteen is unlucky") : value;
    }
}

public sealed record DatedOptions
{
    [Option("since when")]
    public DateTime Since { get; init; }
}

public sealed record SeededOptions
{
    [Option("a key of runs")]
    public int Seeds { get; init; }
}

/// <summary>A learner whose weights walk at random, fifty steps per iteration. It fails from step 300 on.</summary>
internal sealed class Guess : IAlgorithm, IPolicy
{
    private readonly GuessOptions options;
    private readonly IEnvironment environment;
    private readonly RandomStream random;
    private readonly double[] observation, action, weights;
    private double episodeReturn;
    private int episodeLength;

    private Guess(AlgorithmContext context, GuessOptions options)
    {
        (this.options, environment, random) = (options, context.Environment, context.Random.Split("guess"));
        observation = new double[environment.ObservationSpace.Size];
        weights = new double[observation.Length];
        action = new double[environment.ActionSpace.Size];
        environment.Reset(random.NextUInt64(), observation);
    }

    public long Steps { get; private set; }

    public long Iterations { get; private set; }

    public TrainingClock Clock { get; } = new();

    public IPolicy Policy => this;

    public IReadOnlyList<(string Network, int Parameters)> Networks => Fails(GuessFault.Networks, always: true) ? throw Broken() : [("weights", weights.Length)];

    public static IAlgorithm Create(AlgorithmContext context, GuessOptions options) => options.Fault switch
    {
        GuessFault.Create => throw new InvalidOperationException("create failed"),
        GuessFault.CreateFile => throw new FileNotFoundException("no table of guesses"),
        GuessFault.CreateNothing => null!,
        GuessFault.CreateMemory => throw new OutOfMemoryException("a table of guesses is too large"),
        _ => new Guess(context, options),
    };

    public void Iterate(long maximumSteps, ITrainingSink sink)
    {
        if (Fails(GuessFault.Iterate))
        {
            throw Broken();
        }

        if (Fails(GuessFault.IterateFile))
        {
            throw new FileNotFoundException("no table of guesses");
        }

        if (Fails(GuessFault.IterateEnvironment))
        {
            throw new EnvironmentException("thrown by no environment");
        }

        for (int i = 0; i < Math.Min(maximumSteps, Fails(GuessFault.Stall) ? 0 : 50); i++)
        {
            Choose();
            StepResult step = environment.Step(action, observation);
            episodeReturn += step.Reward;
            episodeLength++;
            Steps++;
            if (step.Ended)
            {
                sink.Episode(new EpisodeSummary(Steps, episodeReturn, episodeLength, step.Terminated));
                (episodeReturn, episodeLength) = (0, 0);
                environment.Reset(null, observation);
            }
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += options.Width * random.NextNormal();
        }

        Iterations++;
        sink.Metric(Fails(GuessFault.Metric) ? "a,b" : "guess/first", weights[0]);
    }

    public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        if (Fails(GuessFault.Act))
        {
            throw Broken();
        }

        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * observation[i];
        }

        action[0] = sum > 0 ? 1 : 0;
    }

    public void Save(StateWriter writer)
    {
        if (Fails(GuessFault.Save))
        {
            throw Broken();
        }

        writer.Write("steps", Steps);
        writer.Write("iterations", Iterations);
        writer.Write("random", random);
        writer.Write("environment", environment);
        writer.WriteArray("weights", weights);
        writer.WriteArray("observation", observation);
        writer.Write("episode_return", episodeReturn);
        writer.Write("episode_length", episodeLength);
    }

    public void Load(StateReader reader)
    {
        if (options.Fault == GuessFault.Load)
        {
            throw Broken();
        }

        Steps = reader.ReadInt64("steps");
        Iterations = reader.ReadInt64("iterations");
        reader.Read("random", random);
        reader.Read("environment", environment);
        reader.ReadArray("weights", weights);
        reader.ReadArray("observation", observation);
        episodeReturn = reader.ReadDouble("episode_return");
        episodeLength = (int)reader.ReadInt64("episode_length");
    }

    public void Dispose()
    {
        environment.Dispose();
        if (Fails(GuessFault.Dispose))
        {
            throw Broken();
        }
    }

    private void Choose() => Act(observation, action, PolicyMode.Greedy, random);

    private bool Fails(GuessFault asked, bool always = false) => options.Fault == asked && (always || Steps >= 300);

    private InvalidOperationException Broken() => new($"broken on purpose at {Steps}");
}
