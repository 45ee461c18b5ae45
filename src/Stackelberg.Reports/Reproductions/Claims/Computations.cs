using Stackelberg.Bilevel;

namespace Stackelberg.Reports.Reproductions.Claims;

/// <summary>What claims of the kind <c>computed</c> may name: numbers that follow from a formula, without chance.</summary>
public static class Computations
{
    private const int Steps = 1000;

    // later than any step that is played
    private const double Never = Steps + 1;

    // appendix F of the FSDDPG paper
    private static readonly double[][] LemmaMatrix = [[1, 1, 1, 2], [1, 1, 1, 3], [1, 1, 9, 4], [5, 5, 6, 1]];

    private static readonly Dictionary<string, Func<double>> All = new(StringComparer.Ordinal)
    {
        ["toy-1-ddpg-step-within-0.01"] = () => FirstWithin("1", ToyMethod.Ddpg, 0),
        ["toy-1-ddpg-saves-steps-against-sddpg"] = () => FirstWithin("1", ToyMethod.Sddpg, 0) - FirstWithin("1", ToyMethod.Ddpg, 0),
        ["toy-1-fsddpg-saves-steps-against-sddpg"] = () => FirstWithin("1", ToyMethod.Sddpg, 0) - FirstWithin("1", ToyMethod.Fsddpg, 0.1),
        ["toy-1-ddpg-wanders-beyond-the-others"] = () => Farthest("1", ToyMethod.Ddpg, 0) - Math.Max(Farthest("1", ToyMethod.Sddpg, 0), Farthest("1", ToyMethod.Fsddpg, 0.1)),
        ["toy-1-fsddpg-undamped-way-of-the-actor"] = () => Math.Abs(Play("1", ToyMethod.Fsddpg, 0, Steps).Points[1000].Theta - 1),
        ["toy-2-ddpg-distance-at-step-1000-over-100"] = () => Play("2", ToyMethod.Ddpg, 0, Steps) is var way ? way.Distance(1000) / way.Distance(100) : 0,
        ["toy-2-fsddpg-over-sddpg-at-step-1000"] = () => Play("2", ToyMethod.Fsddpg, 1, Steps).Distance(1000) / Play("2", ToyMethod.Sddpg, 0, Steps).Distance(1000),
        ["toy-stac-individual-at-step-49999"] = () => Norm(ToyMethod.Ddpg, 0),
        ["toy-stac-stackelberg-at-step-49999"] = () => Norm(ToyMethod.Sddpg, 0),
        ["toy-stac-regularised-at-step-49999"] = () => Norm(ToyMethod.Sddpg, 0.04),
        ["lemma-5-distance-degree-1"] = () => DistanceToBlocks(1),
        ["lemma-5-distance-degree-2"] = () => DistanceToBlocks(2),
        ["lemma-5-distance-degree-3"] = () => DistanceToBlocks(3),
        ["lemma-5-degree-3-over-degree-2"] = () => DistanceToBlocks(3) / DistanceToBlocks(2),
    };

    /// <summary>Names of all.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>The computation of a name; null where there is none.</summary>
    public static Func<double>? Find(string name) => All.GetValueOrDefault(name);

    private static ToyTrajectory Play(string game, ToyMethod method, double damping, int steps)
    {
        ToyGame played = ToyGame.All.Single(g => g.Name == game);
        return ToyPlay.Run(played, method, new ToyOptions(steps, played.LearningRate) { Damping = damping });
    }

    private static double FirstWithin(string game, ToyMethod method, double damping) => Play(game, method, damping, Steps).FirstWithin(0.01) ?? Never;

    private static double Farthest(string game, ToyMethod method, double damping) => Play(game, method, damping, Steps).LargestDistance();

    private static double Norm(ToyMethod method, double damping)
    {
        ToyPoint end = Play("stac", method, damping, 49_999).Points[49_999];
        return Math.Sqrt(end.SquaredDistance(new ToyPoint(0, 0)));
    }

    // Frobenius norm of what lies outside the diagonal blocks
    private static double DistanceToBlocks(int degree)
    {
        double sum = 0;
        for (int i = 0; i < LemmaMatrix.Length; i++)
        {
            for (int j = 0; j < LemmaMatrix.Length; j++)
            {
                sum += i / degree == j / degree ? 0 : LemmaMatrix[i][j] * LemmaMatrix[i][j];
            }
        }

        return Math.Sqrt(sum);
    }
}
