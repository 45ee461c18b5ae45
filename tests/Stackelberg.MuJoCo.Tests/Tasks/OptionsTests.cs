using System.Reflection;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class OptionsTests
{
    private static readonly Type[] OptionTypes =
    [
        .. typeof(MujocoTasks).Assembly.GetExportedTypes().Where(t => t.Name.EndsWith("Options", StringComparison.Ordinal) && !t.IsAbstract),
    ];

    [Fact]
    public void Every_task_has_options() => OptionTypes.Length.ShouldBe(TaskCase.Ids.Length);

    public static TheoryData<string, string, string> Refused()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (Type type in OptionTypes)
        {
            foreach (PropertyInfo property in type.GetProperties())
            {
                if (property.PropertyType == typeof(double))
                {
                    cases.Add(type.Name, property.Name, "NaN");
                    cases.Add(type.Name, property.Name, "Infinity");
                }
                else if (property.PropertyType == typeof((double, double)))
                {
                    cases.Add(type.Name, property.Name, "reversed");
                    cases.Add(type.Name, property.Name, "NaN");
                }

                if (property.Name == nameof(NoisyStartOptions.ResetNoiseScale))
                {
                    cases.Add(type.Name, property.Name, "-0.001");
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_constant_that_makes_no_task_is_refused_by_name(string type, string option, string bad)
    {
        object options = Activator.CreateInstance(OptionTypes.Single(t => t.Name == type))!;
        PropertyInfo property = options.GetType().GetProperty(option)!;
        object value = (bad, property.PropertyType == typeof(double)) switch
        {
            ("reversed", _) => (2.0, 1.0),
            (_, false) => (double.NaN, 1.0),
            _ => double.Parse(bad, System.Globalization.CultureInfo.InvariantCulture),
        };
        Exception thrown = Should.Throw<TargetInvocationException>(() => property.SetValue(options, value)).InnerException!;
        thrown.ShouldBeOfType<ArgumentOutOfRangeException>().Message.ShouldStartWith($"{option} must be");
    }

    [Fact]
    public void Positions_are_observed_first_on_request()
    {
        (MujocoEnvironment With, MujocoEnvironment Without, int Positions)[] pairs =
        [
            (new Ant(new AntOptions { ExcludeCurrentPositionsFromObservation = false }), new Ant(), 2),
            (new HalfCheetah(new HalfCheetahOptions { ExcludeCurrentPositionsFromObservation = false }), new HalfCheetah(), 1),
            (new Hopper(new HopperOptions { ExcludeCurrentPositionsFromObservation = false }), new Hopper(), 1),
            (new Humanoid(new HumanoidOptions { ExcludeCurrentPositionsFromObservation = false }), new Humanoid(), 2),
            (new HumanoidStandup(new HumanoidStandupOptions { ExcludeCurrentPositionsFromObservation = false }), new HumanoidStandup(), 2),
            (new Swimmer(new SwimmerOptions { ExcludeCurrentPositionsFromObservation = false }), new Swimmer(), 2),
            (new Walker2d(new Walker2dOptions { ExcludeCurrentPositionsFromObservation = false }), new Walker2d(), 1),
        ];
        foreach ((MujocoEnvironment with, MujocoEnvironment without, int positions) in pairs)
        {
            double[] shorter = new double[without.ObservationSpace.Size];
            double[] longer = new double[shorter.Length + positions];
            with.Reset(3, longer);
            without.Reset(3, shorter);
            longer.ShouldBe([.. with.Data.Qpos[..positions], .. shorter], with.Spec.Id);
            with.Dispose();
            without.Dispose();
        }
    }

    [Fact]
    public void Velocities_of_a_walker_are_observed_clipped()
    {
        using var walker = new Walker2d();
        double[] observation = new double[17];
        walker.ResetTo(walker.Model.Qpos0, [25, -25, 9, 0, 0, 11, 0, -9.5, 0], observation);
        observation[8..].ShouldBe([10, -10, 9, 0, 0, 10, 0, -9.5, 0]);
    }

    [Fact]
    public void An_ant_at_rest_feels_its_weight_in_its_feet()
    {
        // 13 moving bodies follow the world's zeros, six numbers each, the force upward last.
        (double, double) unclipped = (double.NegativeInfinity, double.PositiveInfinity);
        using var ant = new Ant(new AntOptions { UseContactForces = true, ContactForceRange = unclipped });
        ant.ObservationSpace.Size.ShouldBe(27 + 84);
        double[] observation = new double[27 + 84];
        ant.Reset(2, observation);
        observation[27..].ShouldAllBe(f => f == 0);
        for (int step = 0; step < 100; step++)
        {
            ant.Step(new double[8], observation);
        }

        double[] up = [.. Enumerable.Range(0, 14).Select(body => observation[27 + (6 * body) + 5])];
        double weight = 9.81 * ant.Model.BodyMass.ToArray().Sum();
        up.Sum().ShouldBe(weight, 0.02 * weight);
        up.Count(f => f > 0.1 * weight).ShouldBe(4);
    }

    [Fact]
    public void An_ants_contact_forces_are_off_and_clipped_to_one_by_default()
    {
        var options = new AntOptions();
        (options.UseContactForces, options.ContactCostWeight, options.ContactForceRange).ShouldBe((false, 5e-4, (-1.0, 1.0)));
        using var ant = new Ant(new AntOptions { UseContactForces = true });
        double[] observation = new double[111];
        ant.Reset(2, observation);
        for (int step = 0; step < 30; step++)
        {
            ant.Step(new double[8], observation);
        }

        observation[27..].Max().ShouldBe(1);
        observation[27..].Min().ShouldBeGreaterThanOrEqualTo(-1);
    }
}
