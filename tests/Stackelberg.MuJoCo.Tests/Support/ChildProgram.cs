using System.Runtime.InteropServices;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.MuJoCo.Native;
using Stackelberg.MuJoCo.Tasks;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>Scenarios that could end or litter a process; each prints what it saw.</summary>
internal static unsafe class ChildProgram
{
    private const string FallingBall = """<mujoco><worldbody><body><freejoint/><geom size="0.1"/></body></worldbody></mujoco>""";

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["load"]:
                Console.WriteLine(MujocoLibrary.TryLoad(out string reason) ? $"loaded {MujocoLibrary.Version}" : reason);
                return 0;
            case ["make-hopper"]:
                return MakeHopper();
            case ["fatal-on-plain-thread"]:
                ProvokeFatalError();
                return 0;
            case ["fatal-on-physics-thread"]:
                return RecoverFromFatalErrors();
            case ["fatal-until-refused"]:
                return ExhaustPhysicsThreads();
            case ["fatal-in-a-vector"]:
                return LoseACopy();
            case ["diverge"]:
                return Diverge();
            default:
                Console.Error.WriteLine($"Unknown scenario: {string.Join(' ', arguments)}");
                return 64;
        }
    }

    private static int MakeHopper()
    {
        try
        {
            using var hopper = new Hopper();
            return 0;
        }
        catch (MujocoException exception)
        {
            Console.WriteLine(exception.Message);
            return 3;
        }
    }

    private static int RecoverFromFatalErrors()
    {
        for (int i = 0; i < 3; i++)
        {
            try
            {
                PhysicsThread.Run(ProvokeFatalError);
                Console.WriteLine("no exception");
            }
            catch (MujocoException exception)
            {
                Console.WriteLine($"caught: {exception.Message}");
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        double height = PhysicsThread.Run(() =>
        {
            using MjModel model = MjModel.FromMjcf(FallingBall);
            using var data = new MjData(model);
            data.Step(100);
            return data.Qpos[2];
        });
        Console.WriteLine($"lost {PhysicsThread.LostThreads}, height {height:F3}");
        return 0;
    }

    private static int LoseACopy()
    {
        double[] actions = new double[4 * 3];
        using (var vector = new VectorEnvironment(4, i => i == 2 ? new FatalAtStep(3) : new Hopper(), PhysicsThread.Workers(2)))
        {
            vector.Reset(0);
            vector.Step(actions);
            vector.Step(actions);
            Report(() => vector.Step(actions));
            Report(() => vector.Reset(1));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var fresh = new VectorEnvironment(4, () => new Hopper(), PhysicsThread.Workers(2));
        fresh.Reset(0);
        fresh.Step(actions);
        Console.WriteLine($"lost {PhysicsThread.LostThreads}, {fresh.Rewards[3]:F1}");
        return 0;
    }

    private static int ExhaustPhysicsThreads()
    {
        for (int i = 0; ; i++)
        {
            try
            {
                PhysicsThread.Run(ProvokeFatalError);
            }
            catch (MujocoException exception) when (exception.Message.Contains("fatal error:", StringComparison.Ordinal))
            {
                continue;
            }
            catch (MujocoException exception)
            {
                Console.WriteLine($"{i} lost; {exception.Message}");
                return 0;
            }
        }
    }

    private static int Diverge()
    {
        using MjModel model = MjModel.FromMjcf(FallingBall);
        using var data = new MjData(model);
        data.Qvel[0] = double.NaN;
        data.Step(1);
        Console.WriteLine($"diverged: {data.Diverged}");
        return 0;
    }

    private static void Report(Action action)
    {
        try
        {
            action();
            Console.WriteLine("no exception");
        }
        catch (EnvironmentException exception)
        {
            Console.WriteLine($"caught: {exception.Message}");
        }
    }

    private sealed class FatalAtStep(int step) : EnvironmentWrapper(new Hopper())
    {
        private int steps;

        public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            steps++;
            if (steps == step)
            {
                ProvokeFatalError();
            }

            return base.Step(action, observation);
        }
    }

    // More of the engine's stack than there is: a fatal error of the engine's own making.
    private static void ProvokeFatalError()
    {
        using MjModel model = MjModel.FromMjcf(FallingBall);
        using var data = new MjData(model);
        nint function = NativeLibrary.GetExport(MujocoLibrary.Require().Handle, "mj_stackAlloc");
        ((delegate* unmanaged[Cdecl]<void*, int, double*>)function)(data.Pointer, int.MaxValue / 2);
        Console.WriteLine("the engine returned");
    }
}
