using System.Text.Json;
using Stackelberg.Experiments.Benchmarks;

namespace Stackelberg.Experiments.Tests.Benchmarks;

public sealed class BenchmarkTests
{
    [Theory]
    [InlineData("""{"cpu_min_us": 2.5}""", "cpu_min_us", 2.5)]
    [InlineData("""{"rows": [{"a_us": 1}, {"a_us": 7}]}""", "rows/1/a_us", 7)]
    [InlineData("""{"rows": [{"a_us": 1}]}""", "rows/1/a_us", double.NaN)]
    [InlineData("""{"cpu_min_us": "fast"}""", "cpu_min_us", double.NaN)]
    [InlineData("""{}""", "cpu_min_us", double.NaN)]
    public void Number_is_read_by_its_path_or_is_not_a_number(string json, string path, double expected) =>
        PeerScripts.Number(JsonDocument.Parse(json).RootElement, path).ShouldBe(expected);

    // Two products in the first layer, six in the others; a product of [100 × 23] and [23 × 64] takes 2·100·23·64 operations.
    [Fact]
    public void Operations_of_a_hessian_product_are_counted_by_layer() =>
        BenchmarkCases.All.Single(c => c.Name == "hvp 100 rows, 23-64-64-1").Flops
            .ShouldBe(2.0 * 100 * ((2 * 23 * 64) + (6 * 64 * 64) + (6 * 64 * 1)));

    [Fact]
    public void Result_relates_times_and_operations()
    {
        BenchmarkResult result = new("x", 2, 6, 4000);
        result.Ratio.ShouldBe(3);
        result.Gflops.ShouldBe(2);
        new BenchmarkResult("x", 2, double.NaN, 0).Gflops.ShouldBe(double.NaN);
    }

    [Fact]
    public void Least_time_over_the_rounds_counts_and_cases_of_one_script_stay_together()
    {
        Queue<double> times = new([3e-6, 5e-6, 1e-6, 6e-6]);
        List<string> said = [];
        BenchmarkCase[] cases = [new("one", "s.py", "", "f", 0, times.Dequeue), new("two", "s.py", "", "f", 0, times.Dequeue)];

        IReadOnlyList<BenchmarkResult> results = PeerComparison.Run(cases, null, 2, said.Add);

        results.Select(r => r.OursMicroseconds).ShouldBe([1, 5], 1e-9);
        results.ShouldAllBe(r => double.IsNaN(r.PeerMicroseconds));
        said.ShouldBe(["round 1 of 2: one and 1 more", "round 2 of 2: one and 1 more"]);
    }

    [Fact]
    public void Missing_folder_of_peers_is_named()
    {
        PeerScripts.Find("no/such/folder", out string reason).ShouldBeNull();
        reason.ShouldContain("no/such/folder");
    }
}
