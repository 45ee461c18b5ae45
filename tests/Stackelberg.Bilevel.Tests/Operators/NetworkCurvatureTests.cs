using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel.Tests;

public sealed class NetworkCurvatureTests
{
    private const int Rows = 24;
    private readonly MlpLayout layout = new(4, [6, 5], 1, Activation.Tanh);
    private readonly Linearisation<double> network;
    private readonly FlatVector<double> parameters;
    private readonly Matrix<double> inputs = new(Rows, 4);

    public NetworkCurvatureTests()
    {
        RandomStream random = RandomStream.FromSeed(11);
        parameters = new FlatVector<double>(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, parameters, random);
        double[] targets = new double[Rows];
        random.FillNormal(targets);
        for (int i = 0; i < Rows; i++)
        {
            random.FillNormal(inputs.Row(i));
        }

        network = new Linearisation<double>(layout, Rows);
        network.Forward(parameters, inputs, Rows);
        network.SetSquaredLoss(targets);
    }

    [Fact]
    public void Operators_are_what_they_declare()
    {
        OperatorCheck.Probe(new NetworkHessian<double>(network), RandomStream.FromSeed(1)).ThrowIfViolated();
        OperatorCheck.Probe(new NetworkGaussNewton<double>(network), RandomStream.FromSeed(1)).ThrowIfViolated();
    }

    [Fact]
    public void Columns_are_the_products_with_unit_vectors_in_any_order_and_as_often_as_asked()
    {
        var hessian = new NetworkHessian<double>(network);
        CoordinateMap map = hessian.Coordinates;
        int[] positions = [.. Enumerable.Range(0, map.Count).Select(i => map[map.Count - 1 - i]), map[3], map[3]];
        double[] columns = PaddedVectors.Ask(positions.Length * hessian.Dimension, result => hessian.Columns(positions, result));
        for (int i = 0; i < positions.Length; i++)
        {
            double[] unit = new double[hessian.Dimension], product = new double[hessian.Dimension];
            unit[positions[i]] = 1;
            hessian.Multiply(unit, product);
            columns.AsSpan(i * hessian.Dimension, hessian.Dimension).ToArray().ShouldBe(product, 1e-14);
        }
    }

    [Fact]
    public void Hessian_tells_the_gauss_newton_diagonal_and_both_tell_their_tensors()
    {
        var hessian = new NetworkHessian<double>(network);
        var gaussNewton = new NetworkGaussNewton<double>(network);
        double[] expected = PaddedVectors.Ask(hessian.Dimension, gaussNewton.Diagonal);
        PaddedVectors.Ask(hessian.Dimension, hessian.GaussNewtonDiagonal).ShouldBe(expected, 0);
        hessian.Tensors.ShouldBe(layout.Parameters.Blocks);
        gaussNewton.Tensors.ShouldBe(layout.Parameters.Blocks);
    }

    [Fact]
    public void Sample_space_parts_agree_with_the_product()
    {
        var a = new NetworkGaussNewton<double>(network);
        double[] unit = new double[a.Dimension], image = new double[a.Dimension], diagonal = new double[a.Dimension], kernel = new double[Rows * Rows];
        double[] samples = new double[Rows], back = new double[a.Dimension];
        a.Diagonal(diagonal);
        for (int i = 0; i < a.Coordinates.Count; i++)
        {
            int position = a.Coordinates[i];
            unit[position] = 1;
            a.Multiply(unit, image);
            diagonal[position].ShouldBe(image[position], 1e-13);
            a.MultiplyJacobian(unit, samples);
            a.MultiplyJacobianTransposed(samples, back);
            Vectors.Scale<double>(back, a.Scale);
            back.ShouldBe(image, 1e-13);
            unit[position] = 0;
        }

        // column 0 of K is J times the gradient of sample 0
        samples.AsSpan().Clear();
        samples[0] = 1;
        a.MultiplyJacobianTransposed(samples, back);
        a.MultiplyJacobian(back, samples);
        a.Kernel(kernel);
        for (int i = 0; i < Rows; i++)
        {
            kernel[i * Rows].ShouldBe(samples[i], 1e-12);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Undamped_solve_against_the_mean_value_gradient_moves_every_value_by_one_half(bool fullHessian)
    {
        // a value network is additive in its output bias e: H e = 2 ∇mean V for the Hessian and the Gauss-Newton matrix alike, so that
        // ∇V(s)·x = 1/2 at every sample; STAC's official form then multiplies the policy gradient by exactly 2
        var gaussNewton = new NetworkGaussNewton<double>(network);
        double[] mean = new double[Rows], b = new double[gaussNewton.Dimension], x = new double[gaussNewton.Dimension], values = new double[Rows];
        mean.AsSpan().Fill(1.0 / Rows);
        gaussNewton.MultiplyJacobianTransposed(mean, b);
        LinearSolution solution = fullHessian
            ? new ExactSolver<double>().Solve(new NetworkHessian<double>(network), 0, b, x)
            : new GaussNewtonSolver<double>(new SolverOptions()).Solve(gaussNewton, 0, b, x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        gaussNewton.MultiplyJacobian(x, values);
        values.ShouldAllBe(value => Math.Abs(value - 0.5) < 1e-7);
    }
}
