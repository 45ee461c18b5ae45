using Stackelberg.Environments.Tests.Support;

namespace Stackelberg.Environments.Tests.ClassicControl;

public sealed class AcrobotTests
{
    private static readonly ReferenceTrajectory[] Reference = ReferenceTrajectory.Load("acrobot", 4, 6);

    public static TheoryData<string> Cases => [.. Reference.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trajectory_has_the_bits_of_the_published_equations(string name)
    {
        ReferenceTrajectory reference = Reference.Single(r => r.Name == name);
        using Acrobot environment = new(new AcrobotOptions { Equations = reference.Option == 1 ? AcrobotEquations.Book : AcrobotEquations.Nips });
        reference.ShouldBeRepeatedBy(environment);
    }

    [Fact]
    public void Reference_covers_both_speed_limits_both_wraps_and_the_goal()
    {
        ReferenceTrajectory.Row[] rows = [.. Reference.SelectMany(r => r.Rows)];
        rows.ShouldContain(r => Math.Abs(r.Dynamics[2]) == 4 * Math.PI);
        rows.ShouldContain(r => Math.Abs(r.Dynamics[3]) == 9 * Math.PI);
        rows.ShouldContain(r => r.Terminated && r.Reward == 0);
        (bool first, bool second) = (false, false);
        foreach (ReferenceTrajectory reference in Reference)
        {
            for (int i = 1; i < reference.Rows.Length; i++)
            {
                first |= Math.Abs(reference.Rows[i].Dynamics[0] - reference.Rows[i - 1].Dynamics[0]) > Math.PI;
                second |= Math.Abs(reference.Rows[i].Dynamics[1] - reference.Rows[i - 1].Dynamics[1]) > Math.PI;
            }
        }

        (first, second).ShouldBe((true, true));
    }

    [Fact]
    public void Without_torque_the_energy_of_the_books_equations_is_kept()
    {
        // An independent law: kinetic plus potential energy of two unit links with unit inertia about their centres. A Runge-Kutta
        // step loses about (ωh)⁶/72 of the energy of a swing: for the faster mode, ω ≈ 3.7 rad/s, 0.2 % of at most 1.5 J, in 20 steps 0.06 J.
        // The paper's equations lack a term and change it by more.
        using Acrobot environment = new();
        environment.ResetTo([0.9, -0.4, 0.2, 0.3], new double[6]);
        double energy = Energy(environment.Dynamics);
        for (int step = 0; step < 20; step++)
        {
            environment.Step([1], new double[6]);
            Energy(environment.Dynamics).ShouldBe(energy, 0.06);
        }

        using Acrobot nips = new(new AcrobotOptions { Equations = AcrobotEquations.Nips });
        nips.ResetTo([0.9, -0.4, 0.2, 0.3], new double[6]);
        double largest = 0;
        for (int step = 0; step < 20; step++)
        {
            nips.Step([1], new double[6]);
            largest = Math.Max(largest, Math.Abs(Energy(nips.Dynamics) - energy));
        }

        largest.ShouldBeGreaterThan(0.15);
    }

    [Fact]
    public void Resets_are_uniform_and_singles()
    {
        using Acrobot environment = new();
        for (int entry = 0; entry < 4; entry++)
        {
            ResetSample.ShouldBeUniform(environment, entry, -0.1, 0.1);
            environment.Dynamics[entry].ShouldBe((float)environment.Dynamics[entry]);
        }

        using Acrobot wide = new(new AcrobotOptions { ResetLow = 0.2, ResetHigh = 0.7 });
        ResetSample.ShouldBeUniform(wide, 1, 0.2, 0.7);
    }

    [Fact]
    public void Torque_noise_disturbs_within_its_bounds_and_repeats_with_the_seed()
    {
        AcrobotOptions noisy = new() { TorqueNoise = 0.5 };
        double[][] runs = [SecondSpeeds(noisy, 3), SecondSpeeds(noisy, 3), SecondSpeeds(noisy, 4)];
        runs[1].ShouldBe(runs[0]);
        runs[2].ShouldNotBe(runs[0]);

        // From rest and one step on, the speed rises with the torque: bounds from noiseless torques of one half.
        double low = runs[0].Min(), high = runs[0].Max();
        double unit = FirstSpeed(2);
        low.ShouldBeInRange(-0.5 * unit * 1.02, -0.4 * unit);
        high.ShouldBeInRange(0.4 * unit, 0.5 * unit * 1.02);
    }

    [Fact]
    public void A_start_beyond_all_bounds_ends_as_a_named_error()
    {
        using Acrobot environment = new();
        environment.ResetTo([1e12, 0, 0, 0], new double[6]);
        Should.Throw<EnvironmentException>(() => environment.Step([1], new double[6])).Message.ShouldContain("diverged");
        Should.Throw<EnvironmentException>(() => environment.Step([1], new double[6])).Message.ShouldContain("Call Reset");
        Should.Throw<ArgumentException>(() => environment.ResetTo([double.NaN, 0, 0, 0], new double[6])).Message.ShouldContain("4 finite");
        Should.Throw<ArgumentException>(() => environment.ResetTo([0, 0, 0], new double[6]));
    }

    [Theory]
    [InlineData(-0.1, 0.1, -1.0)]
    [InlineData(-0.1, 0.1, double.NaN)]
    [InlineData(0.1, -0.1, 0.0)]
    public void Options_out_of_range_are_refused(double low, double high, double noise) =>
        Should.Throw<ArgumentException>(() => new Acrobot(new AcrobotOptions { ResetLow = low, ResetHigh = high, TorqueNoise = noise }));

    private static double[] SecondSpeeds(AcrobotOptions options, ulong seed)
    {
        using Acrobot environment = new(options);
        double[] observation = new double[6], speeds = new double[300];
        environment.Reset(seed, observation);
        for (int i = 0; i < speeds.Length; i++)
        {
            environment.ResetTo([0, 0, 0, 0], observation);
            environment.Step([1], observation);
            speeds[i] = environment.Dynamics[3];
        }

        return speeds;
    }

    private static double FirstSpeed(double action)
    {
        using Acrobot environment = new();
        environment.ResetTo([0, 0, 0, 0], new double[6]);
        environment.Step([action], new double[6]);
        return environment.Dynamics[3];
    }

    private static double Energy(ReadOnlySpan<double> s)
    {
        double absolute = s[0] + s[1], speed = s[2] + s[3];
        double first = 0.5 * ((0.25 * s[2] * s[2]) + (s[2] * s[2]));
        double second = 0.5 * ((s[2] * s[2]) + (0.25 * speed * speed) + (s[2] * speed * Math.Cos(s[1])) + (speed * speed));
        return first + second - (9.8 * ((0.5 * Math.Cos(s[0])) + Math.Cos(s[0]) + (0.5 * Math.Cos(absolute))));
    }
}
