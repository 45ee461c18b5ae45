using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

/// <summary>
/// Looks for actions that keep an episode from terminating: first random ones, then a random search over linear policies (Mania, Guy and Recht
/// 2018 show how far that goes), judged by episode length alone. Knows nothing of the task and needs neither saving nor loading.
/// </summary>
internal sealed class LongEpisode
{
    private const double Perturbation = 0.3;

    private readonly CheckRun run;
    private readonly int limit;
    private readonly RandomStream random;
    private readonly double[] observation;
    private readonly double[] weights;
    private double[][] longest = [];
    private int spent;

    private LongEpisode(CheckRun run, int limit)
    {
        this.run = run;
        this.limit = limit;
        random = run.Stream("long-episode");
        observation = run.Buffer();
        weights = new double[Rows * observation.Length];
    }

    private int Rows => run.ActionSpace is DiscreteSpace discrete ? discrete.Count : run.ActionSpace.Size;

    /// <summary>Actions of the longest episode found from the check's seed, at most <paramref name="limit"/>, ending at the first truncation.</summary>
    public static double[][] Find(CheckRun run, int limit)
    {
        LongEpisode search = new(run, limit);
        using IEnvironment environment = run.CreateForLong();
        if (search.Try(environment, linear: false))
        {
            return search.longest;
        }

        bool linear = run.ActionSpace is DiscreteSpace or BoxSpace;
        // Policies start from zero, the middle of a box; every second one is a new draw, the others lie near the best so far.
        double[] best = new double[search.weights.Length];
        for (int trial = 0; search.spent < run.Options.SearchSteps; trial++)
        {
            int before = search.longest.Length;
            if (search.Try(environment, linear))
            {
                break;
            }

            if (search.longest.Length > before)
            {
                search.weights.CopyTo(best, 0);
            }

            bool fresh = trial % 2 == 0;
            for (int i = 0; i < best.Length; i++)
            {
                double normal = search.random.NextNormal();
                search.weights[i] = fresh ? normal : best[i] + (Perturbation * normal);
            }
        }

        return search.longest;
    }

    /// <summary>Runs one episode; true when there is nothing more to find.</summary>
    private bool Try(IEnvironment environment, bool linear)
    {
        List<double[]> actions = [];
        environment.Reset(run.Options.Seed, observation);
        StepResult result = default;
        while (!result.Ended && actions.Count < limit && spent < run.Options.SearchSteps)
        {
            double[] action = new double[run.ActionSpace.Size];
            if (linear)
            {
                Act(action);
            }
            else
            {
                run.ActionSpace.Sample(random, action);
            }

            result = environment.Step(action, observation);
            actions.Add(action);
            spent++;
        }

        if (actions.Count > longest.Length)
        {
            longest = [.. actions];
        }

        return result.Truncated || actions.Count == limit;
    }

    private void Act(double[] action)
    {
        if (run.ActionSpace is BoxSpace box)
        {
            for (int i = 0; i < action.Length; i++)
            {
                double low = Math.Max(box.Low[i], -1e3), high = Math.Min(box.High[i], 1e3);
                double value = (0.5 * (low + high)) + (0.5 * (high - low) * Math.Tanh(Score(i)));
                action[i] = Math.Clamp(value, box.Low[i], box.High[i]);
            }

            return;
        }

        double highest = double.NegativeInfinity;
        for (int choice = 0; choice < Rows; choice++)
        {
            double score = Score(choice);
            if (score > highest)
            {
                highest = score;
                action[0] = choice;
            }
        }
    }

    private double Score(int row)
    {
        double score = 0;
        for (int i = 0; i < observation.Length; i++)
        {
            score += weights[(row * observation.Length) + i] * observation[i];
        }

        return score;
    }
}
