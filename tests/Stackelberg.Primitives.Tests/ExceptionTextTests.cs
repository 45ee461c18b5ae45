using System.Reflection;

namespace Stackelberg.Primitives.Tests;

public sealed class ExceptionTextTests
{
    public static TheoryData<Exception, string> Cases => new()
    {
        { new InvalidOperationException("sensor offline"), "sensor offline" },
        { new InvalidOperationException("one\r\n  two\nthree "), "one two three" },
        { new ArgumentException("too wide", "width"), "too wide" },
        { new ArgumentOutOfRangeException("width", 3, "too wide"), "too wide Actual value was 3." },
        { new TargetInvocationException(new InvalidOperationException("inside")), "inside" },
        { new AggregateException(new TypeInitializationException("T", new InvalidOperationException("deep"))), "deep" },
        { new InvalidOperationException(""), "(no message)" },
        { new Exception(), "(no message)" },
        { new OwnException(), "(no message; OwnException)" },
        { new OwnException { Says = () => null! }, "(no message; OwnException)" },
        { new OwnException { Says = () => throw new InvalidOperationException() }, "(no message; OwnException)" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_message_is_one_line_of_the_exceptions_own_words(Exception exception, string text) => ExceptionText.Of(exception).ShouldBe(text);

    private sealed class OwnException : Exception
    {
        public OwnException()
        {
        }

        public OwnException(string message)
            : base(message)
        {
        }

        public OwnException(string message, Exception inner)
            : base(message, inner)
        {
        }

        public Func<string>? Says { get; init; }

        public override string Message => Says is null ? base.Message : Says();
    }
}
