using System.Globalization;
using Stackelberg.Tensors.Diagnostics;

namespace Stackelberg.Experiments.Benchmarks;

/// <summary>The cases of <c>stackelberg bench</c>.</summary>
public static class BenchmarkCases
{
    // Rows of benchmarks/peers/gemm.py: batch, inputs, outputs.
    private static readonly (int Index, int Batch, int Inputs, int Outputs)[] Products =
        [(1, 100, 16, 16), (3, 100, 64, 64), (5, 100, 256, 256), (6, 256, 256, 256), (8, 2048, 64, 64), (9, 4000, 64, 64)];

    /// <summary>All cases, cheap ones first.</summary>
    public static IReadOnlyList<BenchmarkCase> All { get; } =
    [
        .. Gemm(), Hvp(100, 23, 16), Hvp(100, 23, 64), Hvp(100, 23, 256), Hvp(4000, 11, 64), Act(),
        OffPolicy("ddpg", 16), OffPolicy("ddpg", 64), OffPolicy("ddpg", 256), OffPolicy("td3", 16), OffPolicy("td3", 64), OffPolicy("td3", 256),
        SddpgCg(16), SddpgCg(64), SddpgCg(256), Fsddpg("scalar", 16), Fsddpg("scalar", 64), Fsddpg("scalar", 256),
        Fsddpg("diagonal", 16), Fsddpg("diagonal", 64), Fsddpg("diagonal", 256), Stac(), Ppo(), Nystrom(), BlpoCg(),
    ];

    private static IEnumerable<BenchmarkCase> Gemm()
    {
        foreach ((int index, int batch, int inputs, int outputs) in Products)
        {
            foreach ((LayerProduct product, string field) in new[]
            {
                (LayerProduct.Forward, "forward_us"), (LayerProduct.InputGradient, "grad_input_us"), (LayerProduct.WeightGradient, "grad_weight_us"),
            })
            {
                double flops = 2.0 * batch * inputs * outputs;
                yield return new BenchmarkCase(
                    $"gemm {batch}x{inputs}x{outputs} {field[..^3].Replace('_', ' ')}", "gemm.py", "", $"rows/{index}/{field}", flops,
                    () => flops * 1e-9 / GemmBenchmark.Measure(batch, inputs, outputs, product).Gflops);
            }
        }
    }

    private static BenchmarkCase Hvp(int rows, int inputs, int hidden) => new(
        $"hvp {rows} rows, {inputs}-{hidden}-{hidden}-1", "hvp.py",
        string.Create(CultureInfo.InvariantCulture, $"--batch {rows} --obs {inputs} --hidden {hidden} --repeats 3"), "cpu_min_us",
        2.0 * rows * ((2.0 * inputs * hidden) + (6.0 * hidden * hidden) + (6.0 * hidden)),
        () => OwnMeasurements.Hvp(rows, inputs, hidden));

    private static BenchmarkCase Act() => new("act step, 11-64-64-3", "act_step.py", "--repeats 3", "cpu_min_us", 0, OwnMeasurements.ActStep);

    private static string OffPolicyArguments(int hidden) =>
        string.Create(CultureInfo.InvariantCulture, $"--hidden {hidden} --obs 11 --act 3 --batch 100 --repeats 3");

    private static BenchmarkCase OffPolicy(string id, int hidden) => new(
        $"{id} update, batch 100, 11+3-{hidden}-{hidden}", $"{id}_update.py",
        OffPolicyArguments(hidden), "cpu_min_us", 0, () => OwnMeasurements.OffPolicyUpdate(id, hidden));

    /// <summary>Both solve the same system: the critic's Hessian at the batch's actions, five iterations of CG, the target at the current actor.</summary>
    private static BenchmarkCase SddpgCg(int hidden) => new(
        $"sddpg update, 5 cg, batch 100, 11+3-{hidden}-{hidden}", "sddpg_cg_update.py", OffPolicyArguments(hidden) + " --cg 5", "cpu_min_us", 0,
        () => OwnMeasurements.OffPolicyUpdate(
            "st-ddpg", hidden, "hypergradient.iterations=5", "hypergradient.damping=1", "hypergradient.log_every=1000000000"));

    /// <summary>Scalar: the listing. Diagonal: that of each transition's outer products, at the batch's actions as the peer has it.</summary>
    private static BenchmarkCase Fsddpg(string curvature, int hidden) => new(
        $"fsddpg update, {curvature}, batch 100, 11+3-{hidden}-{hidden}", "fsddpg_update.py", OffPolicyArguments(hidden) + $" --curvature {curvature}", "cpu_min_us", 0,
        () => curvature == "scalar"
            ? OwnMeasurements.OffPolicyUpdate("fsddpg", hidden, "hypergradient.log_every=1000000000")
            : OwnMeasurements.OffPolicyUpdate(
                "st-ddpg", hidden, "hypergradient.curvature=gauss-newton", "hypergradient.solver=block-diagonal", "hypergradient.damping=1",
                "hypergradient.log_every=1000000000"));

    private static BenchmarkCase Stac() => new(
        "stac epoch, 4000 steps, 80 critic steps, 10 cg", "stac_epoch.py", "--repeats 3 --seconds 0.3", "cpu_min_us", 0, OwnMeasurements.StacEpoch);

    private static BenchmarkCase Ppo() => new(
        "ppo epoch, 2048 steps, 10 x 32 minibatches of 64", "ppo_epoch.py", "--repeats 3", "cpu_min_us", 0, OwnMeasurements.PpoEpoch);

    private static BenchmarkCase Nystrom() => new(
        "blpo hypergradient, 2048 steps, nystrom 5", "blpo_hypergradient.py", "--solver nystrom --repeats 3", "cpu_min_us", 0,
        () => OwnMeasurements.BlpoHypergradient("blpo"));

    private static BenchmarkCase BlpoCg() => new(
        "blpo hypergradient, 2048 steps, cg 50", "blpo_hypergradient.py", "--solver cg --cg 50 --damping 0.1 --repeats 3", "cpu_min_us", 0,
        () => OwnMeasurements.BlpoHypergradient("blpo-cg", "hypergradient.iterations=50", "hypergradient.tolerance=0", "hypergradient.damping=0.1"));
}
