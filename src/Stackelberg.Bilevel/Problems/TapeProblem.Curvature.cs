using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <content>The follower's curvatures.</content>
public sealed partial class TapeProblem<T>
{
    /// <summary>∂₂₂f₂ by differentiating the recorded gradient once more.</summary>
    private sealed class TapeHessian(TapeProblem<T> problem) : ILinearOperator<T>
    {
        public int Dimension => problem.FollowerDimension;

        public CoordinateMap Coordinates => problem.follower.Layout.Coordinates;

        public OperatorProperties Properties => OperatorProperties.Symmetric;

        public void Multiply(ReadOnlySpan<T> x, Span<T> result) => problem.SecondProduct(x, problem.follower, result);

        public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);
    }

    /// <summary>(2 / samples) JᵀJ of the recorded residuals.</summary>
    private sealed class TapeGaussNewton(TapeProblem<T> problem) : ISampleSpaceOperator<T>
    {
        private T[] perSample = [];
        private T[] jacobian = [];

        public int Dimension => problem.FollowerDimension;

        public CoordinateMap Coordinates => problem.follower.Layout.Coordinates;

        public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

        public int Samples => problem.tape.Rows(Residuals);

        public double Scale => 2.0 / Samples;

        private Variable Residuals => problem.losses.Residuals
            ?? throw new NotSupportedException(
                $"The problem was recorded without residuals and has no Gauss-Newton curvature. Return {nameof(BilevelLosses.Residuals)} with the losses, or use the Hessian.");

        public void Multiply(ReadOnlySpan<T> x, Span<T> result)
        {
            Span<T> u = Room(ref perSample, Samples);
            MultiplyJacobian(x, u);
            Vectors.Scale(u, Scale);
            MultiplyJacobianTransposed(u, result);
        }

        public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);

        public void MultiplyJacobian(ReadOnlySpan<T> x, Span<T> result)
        {
            Variable tangents = default;
            problem.tape.Rewind(problem.recorded);
            problem.tape.Jvp([Residuals], problem.follower.Variables, problem.follower.Seeds(problem.tape, x), new Span<Variable>(ref tangents));
            problem.tape.CopyTo(tangents, result);
        }

        public void MultiplyJacobianTransposed(ReadOnlySpan<T> u, Span<T> result)
        {
            Side side = problem.follower;
            problem.tape.Rewind(problem.recorded);
            Variable seed = problem.tape.Constant(u, u.Length, 1);
            problem.tape.Gradient([Residuals], [seed], side.Variables, side.Layout, side.Result);
            side.Result.Span.CopyTo(result);
        }

        public void Kernel(Span<T> result)
        {
            int samples = Samples;
            Span<T> unit = Room(ref perSample, samples);
            Span<T> rows = Room(ref jacobian, samples * Dimension);
            unit.Clear();
            for (int i = 0; i < samples; i++)
            {
                unit[i] = T.One;
                MultiplyJacobianTransposed(unit, rows.Slice(i * Dimension, Dimension));
                unit[i] = T.Zero;
                for (int j = 0; j <= i; j++)
                {
                    T product = T.CreateTruncating(Vectors.Dot<T>(rows.Slice(i * Dimension, Dimension), rows.Slice(j * Dimension, Dimension)));
                    (result[(i * samples) + j], result[(j * samples) + i]) = (product, product);
                }
            }
        }

        private static Span<T> Room(ref T[] array, int length)
        {
            if (array.Length < length)
            {
                array = new T[length];
            }

            return array.AsSpan(0, length);
        }
    }
}
