using Stackelberg.Environments;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests;

public sealed class MujocoEnvironmentSceneTests
{
    [Fact]
    public void Scene_lists_the_geoms_of_the_model()
    {
        using Hopper hopper = new();
        SceneDescription scene = hopper.Scene;
        (scene.View, scene.PoseSize, scene.StepSeconds).ShouldBe(("bodies", 35, 0.008));
        scene.Shapes.Select(s => s.Kind).ShouldBe([ShapeKind.Plane, ShapeKind.Capsule, ShapeKind.Capsule, ShapeKind.Capsule, ShapeKind.Capsule]);
        scene.Shapes.Select(s => s.Body).ShouldBe([0, 1, 2, 3, 4]);
        scene.Shapes[4].Size.ShouldBe([0.06, 0.195, 0]);
        scene.Shapes.ShouldAllBe(s => s.Colour == null);
    }

    [Fact]
    public void Pose_is_the_engines_for_the_present_coordinates()
    {
        using Humanoid humanoid = new();
        double[] observation = new double[humanoid.ObservationSpace.Size];
        double[] action = new double[humanoid.ActionSpace.Size];
        double[] pose = new double[humanoid.Scene.PoseSize];
        RandomStream random = RandomStream.FromSeed(1);
        humanoid.Reset(1, observation);
        for (int step = 0; step < 5; step++)
        {
            humanoid.ActionSpace.Sample(random, action);
            humanoid.Step(action, observation);
        }

        humanoid.WritePose(pose);
        humanoid.Data.Forward();
        for (int geom = 0; geom < humanoid.Model.GeomCount; geom++)
        {
            pose.AsSpan(7 * geom, 3).ToArray().ShouldBe(humanoid.Data.GeomPositions.Slice(3 * geom, 3).ToArray());
            double[] rotation = Rotation(pose.AsSpan((7 * geom) + 3, 4));
            for (int i = 0; i < 9; i++)
            {
                rotation[i].ShouldBe(humanoid.Data.GeomRotations[(9 * geom) + i], 1e-14);
            }
        }
    }

    [Fact]
    public void Capsule_of_a_hanging_leg_points_where_its_ends_are()
    {
        using Hopper hopper = new();
        double[] pose = new double[35];
        hopper.ResetTo([0, 1.25, 0.3, 0, 0, 0], new double[6], new double[11]);
        hopper.WritePose(pose);

        // turned by 0.3 about y, the torso's own z axis is (sin 0.3, 0, cos 0.3)
        double[] torso = Rotation(pose.AsSpan(10, 4));
        torso[2].ShouldBe(Math.Sin(0.3), 1e-14);
        torso[8].ShouldBe(Math.Cos(0.3), 1e-14);
        pose[9].ShouldBe(1.25, 1e-14);
    }

    [Theory]
    [InlineData(1, 0, 0, 0)]
    [InlineData(0, 1, 0, 0)]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(1e-9, 0.6, -0.8, 0)]
    [InlineData(0.5, -0.5, 0.5, -0.5)]
    [InlineData(0.1, 0.2, -0.3, 0.9273618495495703)]
    public void Quaternion_of_a_rotation_matrix_gives_the_rotation_back(double w, double x, double y, double z)
    {
        double[] rotation = Rotation([w, x, y, z]);
        double[] q = new double[4];
        MujocoEnvironment.RotationToQuaternion(rotation, q);
        q.Sum(v => v * v).ShouldBe(1, 1e-15);
        double[] back = Rotation(q);
        for (int i = 0; i < 9; i++)
        {
            back[i].ShouldBe(rotation[i], 1e-15);
        }
    }

    [Fact]
    public void Looking_changes_no_bit_of_the_episode()
    {
        using HalfCheetah looked = new(), alone = new();
        double[] first = new double[17], second = new double[17], action = new double[6], pose = new double[looked.Scene.PoseSize];
        RandomStream random = RandomStream.FromSeed(4);
        looked.Reset(9, first);
        alone.Reset(9, second);
        for (int step = 0; step < 50; step++)
        {
            looked.ActionSpace.Sample(random, action);
            looked.WritePose(pose);
            looked.Step(action, first).ShouldBe(alone.Step(action, second));
            first.ShouldBe(second);
        }

        Should.Throw<ArgumentException>(() => looked.WritePose(new double[3]));
    }

    // Row by row, as the engine stores it.
    private static double[] Rotation(ReadOnlySpan<double> q)
    {
        (double w, double x, double y, double z) = (q[0], q[1], q[2], q[3]);
        return
        [
            (w * w) + (x * x) - (y * y) - (z * z), 2 * ((x * y) - (w * z)), 2 * ((x * z) + (w * y)),
            2 * ((x * y) + (w * z)), (w * w) - (x * x) + (y * y) - (z * z), 2 * ((y * z) - (w * x)),
            2 * ((x * z) - (w * y)), 2 * ((y * z) + (w * x)), (w * w) - (x * x) - (y * y) + (z * z),
        ];
    }
}
