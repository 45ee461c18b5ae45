using BenchmarkDotNet.Running;
using Stackelberg.Benchmarks;

if (args is ["replay", ..])
{
    ReplayReport.Run(args[1..]);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
