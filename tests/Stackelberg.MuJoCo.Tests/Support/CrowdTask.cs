using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>
/// A task of another assembly with its own model, that remembers a body position from step to step and uses contact forces. Balls fall on a floor; the
/// engine has room for two contacts only.
/// </summary>
internal sealed class CrowdTask() : MujocoEnvironment(new EnvironmentSpec("Crowd-v0", null, null), "crowd.xml", 5, 4, needsContactForces: true)
{
    private double heightBefore;

    /// <summary>Balls that start too far up to reach the floor in a test.</summary>
    internal int Spared { get; set; }

    protected override void SampleInitialState(RandomStream random, Span<double> qpos, Span<double> qvel)
    {
        for (int ball = 0; ball < Spared; ball++)
        {
            qpos[(7 * (2 - ball)) + 2] = 100;
        }

        heightBefore = random.NextDouble();
    }

    protected override (double Reward, bool Terminated) Evaluate(ReadOnlySpan<double> action)
    {
        double height = Data.BodyPositions[3 + 2];
        double climbed = height - heightBefore;
        heightBefore = height;
        return (climbed, false);
    }

    protected override void Observe(Span<double> observation)
    {
        observation[0] = Data.Qpos[2];
        observation[1] = Data.ExternalForces[6 + 5];
        observation[2] = Data.BodyVelocities[6 + 5];
        observation[3] = Data.BodyCentresOfMass[3 + 2];
    }

    protected override void SaveTask(StateWriter writer) => writer.Write("height_before", heightBefore);

    protected override void LoadTask(StateReader reader) => heightBefore = reader.ReadDouble("height_before");
}
