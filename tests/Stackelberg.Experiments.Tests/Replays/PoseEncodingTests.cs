using Stackelberg.Experiments.Replays;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Replays;

public sealed class PoseEncodingTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(40, 1)]
    [InlineData(500, 9)]
    public void Numbers_come_back_to_half_a_65535th_of_their_columns_range(int frames, int size)
    {
        RandomStream random = RandomStream.FromSeed(5);
        double[] poses = [.. Enumerable.Range(0, frames * size).Select(i => Math.Pow(10, i % size) * random.NextNormal())];

        double[] decoded = PoseEncoding.Encode(poses, size).Decode();

        decoded.Length.ShouldBe(poses.Length);
        for (int column = 0; column < size; column++)
        {
            double[] values = [.. Enumerable.Range(0, frames).Select(f => poses[(f * size) + column])];
            double tolerance = (0.5000001 / 65535 * (values.Max() - values.Min())) + (1e-15 * values.Max(Math.Abs));
            for (int frame = 0; frame < frames; frame++)
            {
                decoded[(frame * size) + column].ShouldBe(values[frame], tolerance);
            }
        }
    }

    [Fact]
    public void Columns_that_never_change_are_exact_and_take_no_room()
    {
        double[] poses = [.. Enumerable.Range(0, 100).SelectMany(f => new[] { 0.1, f, -1e-300, 1.0 / 3 })];
        var encoding = PoseEncoding.Encode(poses, 4);
        encoding.Moving.ShouldBe([1]);
        encoding.Data.Length.ShouldBe(200);
        double[] decoded = encoding.Decode();
        Enumerable.Range(0, 100).ShouldAllBe(f => decoded[4 * f] == 0.1 && decoded[(4 * f) + 2] == -1e-300 && decoded[(4 * f) + 3] == 1.0 / 3);
    }

    [Fact]
    public void A_pose_that_is_not_finite_is_refused_with_its_place() =>
        Should.Throw<ReplayException>(() => PoseEncoding.Encode([1, 2, 3, double.NaN], 2)).Message.ShouldBe("number 1 of the pose at step 1 is NaN");

    [Fact]
    public void A_pose_too_large_to_encode_is_refused() => Should.Throw<ReplayException>(() => PoseEncoding.Encode([0, double.MaxValue], 1));
}
