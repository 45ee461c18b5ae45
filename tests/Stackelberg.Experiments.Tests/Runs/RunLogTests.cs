using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Runs;

/// <summary>The tables of a run against what was told to its log.</summary>
public sealed class RunLogTests : IDisposable
{
    private static readonly LinearSolution Solved = new(SolveStatus.Converged, 7, 1e-9, 0.125, 0.5);

    private readonly TemporaryFolder folder = new();
    private readonly Counter algorithm = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_row_of_the_leaders_table_has_every_number_of_its_report()
    {
        using (RunLog log = Open())
        {
            (algorithm.Steps, algorithm.Iterations) = (260, 19);
            log.Hypergradient(new HypergradientReport("implicit", 2, 0.25, 0.5, 0.75, Solved, true, 0.1) { Update = 41, Dropped = false });
            log.LastHypergradient!.Value.Update.ShouldBe(41);
        }

        Dictionary<string, string> row = Rows("hypergradient").ShouldHaveSingleItem();
        row.ShouldBe(new Dictionary<string, string>
        {
            // the iteration in progress has not been counted yet
            ["step"] = "260", ["iteration"] = "20", ["update"] = "41", ["method"] = "implicit", ["direct_norm"] = "2", ["implicit_norm"] = "0.25",
            ["cosine"] = "0.5", ["scale"] = "0.75", ["guarded"] = "1", ["dropped"] = "0", ["status"] = "converged", ["solver_iterations"] = "7",
            ["relative_residual"] = "1E-09", ["smallest_curvature"] = "0.125", ["damping"] = "0.5", ["degeneracy"] = "none",
        });
    }

    [Fact]
    public void Zero_columns_have_a_column_once_a_solve_sampled_any_and_a_resumed_run_goes_on_with_it()
    {
        var state = new MemoryState();
        using (RunLog log = Open())
        {
            log.Hypergradient(new HypergradientReport("cg", 1, 1, 0, 1, Solved, false, 0));
            log.Hypergradient(new HypergradientReport("nystrom", 1, 1, 0, 1, Solved with { ZeroColumns = 3 }, false, 0));
            log.Flush();
            log.Save(state.Writer);
        }

        using (RunLog log = new(folder.Path, algorithm, static _ => { }, state.Reader))
        {
            log.Hypergradient(new HypergradientReport("nystrom", 1, 1, 0, 1, Solved with { ZeroColumns = 0 }, false, 0));
        }

        Rows("hypergradient").Select(static r => r["zero_columns"]).ShouldBe(["", "3", "0"]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Guarded_and_dropped_are_two_columns(bool guarded, bool dropped)
    {
        using (RunLog log = Open())
        {
            log.Hypergradient(new HypergradientReport("implicit", 1, 1, 0, 1, Solved, guarded, 0) { Dropped = dropped });
        }

        Dictionary<string, string> row = Rows("hypergradient").Single();
        (row["guarded"], row["dropped"]).ShouldBe((guarded ? "1" : "0", dropped ? "1" : "0"));
    }

    [Fact]
    public void Updates_are_numbered_as_reported_however_many_an_iteration_has()
    {
        using (RunLog log = Open())
        {
            for (int update = 0; update < 9; update++)
            {
                (algorithm.Steps, algorithm.Iterations) = (10 * (update / 3), update / 3);
                log.Hypergradient(new HypergradientReport("darts", update, 0, double.NaN, 1, LinearSolution.None, false, 0) { Update = update });
            }
        }

        Rows("hypergradient").Select(r => (r["update"], r["iteration"], r["step"], r["direct_norm"]))
            .ShouldBe(Enumerable.Range(0, 9).Select(i => ($"{i}", $"{(i / 3) + 1}", $"{10 * (i / 3)}", $"{i}")));
    }

    [Fact]
    public void Where_no_system_is_solved_the_cells_of_the_solver_are_empty()
    {
        using (RunLog log = Open())
        {
            log.Hypergradient(new HypergradientReport("implicit", 1, 2, 0.5, 1, Solved, false, 0));
            log.Hypergradient(new HypergradientReport("first-order", 1, 0, double.NaN, 1, LinearSolution.None, false, 0));
        }

        Dictionary<string, string> row = Rows("hypergradient")[1];
        foreach (string column in new[] { "status", "solver_iterations", "relative_residual", "smallest_curvature", "damping" })
        {
            row[column].ShouldBe("", column);
        }

        (row["method"], row["cosine"], row["implicit_norm"]).ShouldBe(("first-order", "nan", "0"));
    }

    [Theory]
    [InlineData(0.5, 5, false, "none")] // an angle of its own
    [InlineData(1, 5, false, "rescales")] // 1 + 5 = 6 times the direct gradient
    [InlineData(-1, 1, false, "cancels")] // 1 − 1 = 0
    [InlineData(-1, 1.05, false, "cancels")] // −0.05
    [InlineData(-1, 3, false, "reverses")] // −2
    [InlineData(-1, 0.5, false, "rescales")] // 0.5
    [InlineData(-1, 3, true, "none")]
    [InlineData(double.NaN, 0, false, "none")]
    public void Degeneracy_is_said_in_a_word(double cosine, double implicitNorm, bool guarded, string word)
    {
        using (RunLog log = Open())
        {
            log.Hypergradient(new HypergradientReport("implicit", 1, implicitNorm, cosine, 1, Solved, guarded, 0));
        }

        Rows("hypergradient").Single()["degeneracy"].ShouldBe(word);
    }

    [Fact]
    public void Every_end_of_a_solve_has_a_word_of_its_own()
    {
        SolveStatus[] all = [.. Enum.GetValues<SolveStatus>().Except([SolveStatus.None])];
        using (RunLog log = Open())
        {
            foreach (SolveStatus status in all)
            {
                log.Hypergradient(new HypergradientReport("implicit", 1, 1, 0, 1, Solved with { Status = status }, false, 0));
            }
        }

        string[] words = [.. Rows("hypergradient").Select(r => r["status"])];
        words.ShouldBe(all.Select(s => string.Concat(s.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"))));
    }

    [Fact]
    public void Episodes_progress_and_evaluations_have_the_numbers_they_were_told()
    {
        List<string> notices = [];
        using (RunLog log = new(folder.Path, algorithm, notices.Add, null))
        {
            log.Progress();
            log.Episode(new EpisodeSummary(30, -1.5, 30, true));
            log.Episode(new EpisodeSummary(70, 2.5, 40, false));
            (algorithm.Steps, algorithm.Iterations) = (80, 2);
            log.Metric("actor/norm", 0.5);
            log.Metric("actor/norm", 0.75);
            log.Progress();
            log.Progress();
            log.Evaluation(new EvaluationResult([3, -1, 4], [10, 20, 60]));
            log.Notice("said once");
        }

        notices.ShouldBe(["said once"]);
        Rows("episodes").Select(r => string.Join(' ', r.Values)).ShouldBe(["30 1 -1.5 30 1", "70 2 2.5 40 0"]);
        Rows("progress").Select(r => string.Join('|', r.Values)).ShouldBe(["0|0|0|||", "80|2|2|0.5|35|0.75", "80|2|2|0.5|35|"]);
        Rows("evaluations").Single().ShouldBe(new Dictionary<string, string>
        {
            ["step"] = "80", ["iteration"] = "2", ["episodes"] = "3", ["return_mean"] = "2", ["return_standard_deviation"] = CsvTable.Text(Math.Sqrt(14.0 / 3)),
            ["return_minimum"] = "-1", ["return_maximum"] = "4", ["length_mean"] = "30", ["returns"] = "3;-1;4",
        });
    }

    [Fact]
    public void Tables_that_go_on_from_a_checkpoint_are_those_that_were_never_left()
    {
        using (RunLog whole = Open("whole"))
        {
            Tell(whole, 0, 150);
            Tell(whole, 150, 300);
        }

        MemoryState state = new();
        using (RunLog first = Open("parts"))
        {
            Tell(first, 0, 150);
            first.Flush();
            first.Save(state.Writer);
            // lost with the process
            Tell(first, 900, 950);
        }

        using (RunLog second = new(folder.Below("parts"), algorithm, static _ => { }, state.Reader))
        {
            second.LastHypergradient.ShouldBeNull();
            second.Window.Count.ShouldBe(50);
            Tell(second, 150, 300);
        }

        FakeRuns.Tables(folder.Below("parts")).ShouldBe(FakeRuns.Tables(folder.Below("whole")));
    }

    private void Tell(RunLog log, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            (algorithm.Steps, algorithm.Iterations) = (10 * i, i);
            log.Metric(i % 100 < 60 ? "early" : "late", 1.0 / i);
            log.Hypergradient(new HypergradientReport("implicit", i, 1, Math.Sin(i), 1, Solved, i % 2 == 0, 0) { Update = i, Dropped = i % 5 == 0 });
            if (i % 3 == 0)
            {
                log.Episode(new EpisodeSummary(10 * i, Math.Cos(i), i, i % 2 == 0));
            }

            log.Progress();
        }

        log.Evaluation(new EvaluationResult([from, to], [1, 2]));
    }

    private RunLog Open(string? name = null)
    {
        string path = name is null ? folder.Path : Directory.CreateDirectory(folder.Below(name)).FullName;
        return new RunLog(path, algorithm, static _ => { }, null);
    }

    private List<Dictionary<string, string>> Rows(string table)
    {
        string[] lines = File.ReadAllLines(folder.Below(table + ".csv")), header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(l => header.Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second))];
    }

    /// <summary>What the log asks of a learner: where it stands.</summary>
    private sealed class Counter : IAlgorithm
    {
        public long Steps { get; set; }

        public long Iterations { get; set; }

        public TrainingClock Clock { get; } = new();

        public IPolicy Policy => throw new NotSupportedException();

        public IReadOnlyList<(string Network, int Parameters)> Networks => [];

        public void Iterate(long maximumSteps, ITrainingSink sink) => throw new NotSupportedException();

        public void Save(StateWriter writer) => throw new NotSupportedException();

        public void Load(StateReader reader) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
