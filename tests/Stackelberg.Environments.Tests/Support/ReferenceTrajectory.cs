using System.Globalization;

namespace Stackelberg.Environments.Tests.Support;

/// <summary>Trajectories computed by <c>Data/classic_control_reference.py</c>.</summary>
internal sealed class ReferenceTrajectory
{
    private ReferenceTrajectory(string name, Row[] rows) => (Name, Rows) = (name, rows);

    public string Name { get; }

    /// <summary>The option of the task that the case was computed with.</summary>
    public double Option => Rows[0].Option;

    public Row[] Rows { get; }

    public static ReferenceTrajectory[] Load(string task, int dynamics, int observations)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Data", $"{task}_reference.csv");
        string[] header = File.ReadLines(path).First().Split(',');
        header.Length.ShouldBe(6 + dynamics + observations);
        return [.. File.ReadLines(path).Skip(1).Select(l => l.Split(',')).GroupBy(c => c[0])
            .Select(g => new ReferenceTrajectory(g.Key, [.. g.Select(c => Row.Parse(c, dynamics))]))];
    }

    /// <summary>Replays the actions from the first row's dynamics and compares every bit.</summary>
    public void ShouldBeRepeatedBy(ClassicControlEnvironment environment)
    {
        double[] observation = new double[environment.ObservationSpace.Size];
        environment.ResetTo(Rows[0].Dynamics, observation);
        observation.ShouldBe(Rows[0].Observation, "the start");
        foreach (Row row in Rows.Skip(1))
        {
            StepResult result = environment.Step([row.Action], observation);
            environment.Dynamics.ToArray().ShouldBe(row.Dynamics, $"{Name}, dynamics at step {row.Step}");
            observation.ShouldBe(row.Observation, $"{Name}, observation at step {row.Step}");
            result.ShouldBe(new StepResult(row.Reward, row.Terminated, false), $"{Name}, step {row.Step}");
            environment.ObservationSpace.Contains(observation).ShouldBeTrue($"{Name}, step {row.Step}");
        }
    }

    internal sealed record Row(double Option, int Step, double Action, double[] Dynamics, double[] Observation, double Reward, bool Terminated)
    {
        public static Row Parse(string[] cells, int dynamics)
        {
            double[] numbers = [.. cells.Skip(1).Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
            return new Row(numbers[0], (int)numbers[1], numbers[2], numbers[3..(3 + dynamics)], numbers[(3 + dynamics)..^2], numbers[^2], numbers[^1] == 1);
        }
    }
}
