using System.Runtime.CompilerServices;
using Stackelberg.Experiments.Checkpoints;

namespace Stackelberg.Experiments.Tests.Fakes;

internal static class TestSetup
{
    // hundreds of checkpoints are written here; what is tested is order and content, which the tests see without waiting for the disk
    [ModuleInitializer]
    internal static void DoNotWaitForTheDisk() => Storage.WaitsForDisk = false;
}
