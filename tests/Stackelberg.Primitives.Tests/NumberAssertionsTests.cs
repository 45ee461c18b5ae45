namespace Stackelberg.Primitives.Tests;

/// <summary>Tests bound errors from above; an error of NaN must not pass.</summary>
public sealed class NumberAssertionsTests
{
    [Fact]
    public void NaN_is_below_no_limit()
    {
        Should.Throw<ShouldAssertException>(() => double.NaN.ShouldBeLessThan(1));
        Should.Throw<ShouldAssertException>(() => double.NaN.ShouldBeLessThanOrEqualTo(1));
        Should.Throw<ShouldAssertException>(() => float.NaN.ShouldBeLessThan(1));
        Should.Throw<ShouldAssertException>(() => float.NaN.ShouldBeLessThanOrEqualTo(1));
    }

    [Fact]
    public void Limits_are_strict_or_inclusive_as_named()
    {
        1.0.ShouldBeLessThanOrEqualTo(1);
        0.5.ShouldBeLessThan(1);
        Should.Throw<ShouldAssertException>(() => 1.0.ShouldBeLessThan(1));
        Should.Throw<ShouldAssertException>(() => 1.5.ShouldBeLessThanOrEqualTo(1, "too large")).Message.ShouldContain("too large");
    }
}
