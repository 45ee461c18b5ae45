namespace Stackelberg.Tensors.Tests;

public sealed class SimdSupportTests
{
    [Theory]
    [InlineData(null, 512, 512)]
    [InlineData("", 256, 256)]
    [InlineData("512", 512, 512)]
    [InlineData("256", 512, 256)]
    [InlineData("128", 128, 128)]
    [InlineData("scalar", 512, 0)]
    [InlineData("scalar", 0, 0)]
    public void A_width_the_processor_has_is_taken(string? requested, int hardware, int expected) =>
        SimdSupport.Resolve(requested, hardware).ShouldBe(expected);

    [Theory]
    [InlineData("1024")]
    [InlineData("avx2")]
    [InlineData("0")]
    [InlineData("Scalar")]
    public void Something_else_is_refused_with_what_is_allowed(string requested)
    {
        string message = Should.Throw<InvalidOperationException>(() => SimdSupport.Resolve(requested, 256)).Message;
        message.ShouldContain($"STACKELBERG_SIMD is '{requested}'");
        message.ShouldContain("Allowed here: 256, 128, scalar.");
    }

    [Fact]
    public void A_width_the_processor_lacks_is_refused_with_what_is_allowed()
    {
        string message = Should.Throw<InvalidOperationException>(() => SimdSupport.Resolve("512", 128)).Message;
        message.ShouldContain("no more than 128");
        message.ShouldContain("Allowed here: 128, scalar.");
    }

    [Fact]
    public void Width_and_name_agree_with_the_environment()
    {
        string? requested = Environment.GetEnvironmentVariable(SimdSupport.Variable);
        SimdSupport.Width.ShouldBe(SimdSupport.Resolve(requested, SimdSupport.Hardware));
        SimdSupport.Name.ShouldBe(SimdSupport.Width == 0 ? "scalar" : $"{SimdSupport.Width}");
        Should.NotThrow(SimdSupport.Validate);
        SimdSupport.IsValid.ShouldBeTrue();
        SimdSupport.Allowed.Split(", ").ShouldContain(SimdSupport.Name);
    }
}
