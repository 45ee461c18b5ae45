namespace Stackelberg.Tensors.Tests;

public sealed class ParameterLayoutTests
{
    [Fact]
    public void Tensors_follow_one_another_on_padded_places()
    {
        var layout = new ParameterLayout([("a", 2, 3), ("b", 5, 1), ("c", 1, 17)]);

        layout.Blocks.Select(block => block.Offset).ShouldBe([0, 32, 48]);
        layout.Length.ShouldBe(80);
        layout.Count.ShouldBe(6 + 5 + 17);
        int[] positions = [.. Enumerable.Range(0, layout.Coordinates.Count).Select(i => layout.Coordinates[i])];
        positions.ShouldBe([0, 1, 2, 16, 17, 18, 32, 33, 34, 35, 36, .. Enumerable.Range(48, 17)]);
        layout["b"].Rows.ShouldBe(5);
        Should.Throw<KeyNotFoundException>(() => layout["d"]).Message.ShouldContain("a, b, c");
    }

    [Fact]
    public void Names_must_differ() =>
        Should.Throw<ArgumentException>(() => new ParameterLayout([("a", 1, 2), ("a", 1, 2)])).Message.ShouldContain("called 'a'");

    [Fact]
    public void Empty_tensors_are_refused() => Should.Throw<ArgumentException>(() => new ParameterLayout([("a", 0, 2)]));

    [Fact]
    public void Storage_that_overflows_is_refused()
    {
        Should.Throw<ArgumentException>(() => new ParameterLayout([("a", 1 << 27, 17)]));
        Should.Throw<ArgumentException>(() => new ParameterLayout([("a", 1 << 25, 32), ("b", 1, 1)])).Message.ShouldContain("'b'");
    }
}
