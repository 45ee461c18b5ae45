namespace Stackelberg;

/// <summary>
/// Upper limits that NaN does not meet. Shouldly's own compare by <see cref="IComparable"/>, where NaN comes before every number and passes. Code in
/// namespaces below this one finds these first.
/// </summary>
internal static class NumberAssertions
{
    public static void ShouldBeLessThan(this double actual, double limit, string? customMessage = null) =>
        (actual < limit).ShouldBeTrue($"{actual:g17} should be less than {limit:g17}. {customMessage}");

    public static void ShouldBeLessThan(this float actual, float limit, string? customMessage = null) =>
        (actual < limit).ShouldBeTrue($"{actual:g9} should be less than {limit:g9}. {customMessage}");

    public static void ShouldBeLessThanOrEqualTo(this double actual, double limit, string? customMessage = null) =>
        (actual <= limit).ShouldBeTrue($"{actual:g17} should be at most {limit:g17}. {customMessage}");

    public static void ShouldBeLessThanOrEqualTo(this float actual, float limit, string? customMessage = null) =>
        (actual <= limit).ShouldBeTrue($"{actual:g9} should be at most {limit:g9}. {customMessage}");
}
