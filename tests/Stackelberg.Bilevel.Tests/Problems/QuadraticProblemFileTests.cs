namespace Stackelberg.Bilevel.Tests;

public sealed class QuadraticProblemFileTests
{
    private const string Valid = """
        {"n":1, "m":2, "Q":[[2,1],[1,3]], "B":[[1],[2]], "c":[0,1], "D":[[1]], "e":[2], "F":[[1,0],[0,1]], "g":[1,-1], "x":[0.5], "y":[1,2]}
        """;

    [Fact]
    public void Valid_text_becomes_the_problem()
    {
        QuadraticCoefficients read = QuadraticProblemFile.Parse(Valid, "problem.json");
        read.LeaderDimension.ShouldBe(1);
        read.FollowerDimension.ShouldBe(2);
        read.Q.ShouldBe([2, 1, 1, 3]);
        read.B.ShouldBe([1, 2]);
        read.Y.ShouldBe([1, 2]);

        // Dx + e = 2.5; Fy + g = (2, 1); Q⁻¹(2, 1) = (1, 0); Bᵀ(1, 0) = 1
        double[] result = new double[1];
        new ImplicitHypergradient<double>(new ExactSolver<double>()).Compute(new QuadraticBilevelProblem<double>(read), 0, result);
        result[0].ShouldBe(1.5, 1e-14);
    }

    [Theory]
    [InlineData("\"g\":[1,-1], ", "", "key 'g' is missing")]
    [InlineData("\"Q\":[[2,1],[1,3]]", "\"Q\":[[2,1],[1,3],[0,0]]", "'Q' has 3 rows, m is 2")]
    [InlineData("\"B\":[[1],[2]]", "\"B\":[[1],[2,3]]", "'B[1]' has 2 columns, n is 1")]
    [InlineData("\"c\":[0,1]", "\"c\":[0]", "'c' has 1 entries, m is 2")]
    [InlineData("\"Q\":[[2,1],[1,3]]", "\"Q\":[[2,1],[4,3]]", "'Q' is not symmetric: Q[1][0] is 4, Q[0][1] is 1")]
    [InlineData("\"F\":[[1,0],[0,1]]", "\"F\":[[1,0],[0.5,1]]", "'F' is not symmetric")]
    [InlineData("\"n\":1", "\"n\":0", "'n' is 0; it is a dimension")]
    [InlineData("\"n\":1", "\"n\":1.5", "'n' is 1.5")]
    [InlineData("\"e\":[2]", "\"e\":[\"2\"]", "'e[0]' is \"2\"; expected a finite number")]
    [InlineData("\"e\":[2]", "\"e\":[1e999]", "e[0]: 1e999 is beyond double precision")]
    [InlineData("\"e\":[2]", "\"e\":2", "'e' is a number; expected an array of 1 numbers (n)")]
    [InlineData("\"e\":[2]", "\"e\":[2], \"z\":1", "unknown key 'z'")]
    [InlineData("\"e\":[2]", "\"e\":[2", "not valid JSON")]
    public void Fault_is_named_with_its_key(string valid, string broken, string expected)
    {
        string text = Valid.Replace(valid, broken, StringComparison.Ordinal);
        text.ShouldNotBe(Valid);
        string message = Should.Throw<InvalidDataException>(() => QuadraticProblemFile.Parse(text, "problem.json")).Message;
        message.ShouldContain("problem.json: ");
        message.ShouldContain(expected);
    }

    [Fact]
    public void Array_at_the_top_is_refused() =>
        Should.Throw<InvalidDataException>(() => QuadraticProblemFile.Parse("[1]", "p")).Message.ShouldContain("expected an object");

    [Fact]
    public void File_is_read()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(path, Valid);
            QuadraticProblemFile.Read(path).G.ShouldBe([1, -1]);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
