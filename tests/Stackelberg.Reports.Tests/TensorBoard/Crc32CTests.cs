using System.Text;
using Stackelberg.Reports.TensorBoard;

namespace Stackelberg.Reports.Tests.TensorBoard;

public sealed class Crc32CTests
{
    // RFC 3720, appendix B.4
    private const string ReadCommand = "01c00000000000000000000000000000140000000000040000000014000000182800000000000000" + "0200000000000000";

    public static TheoryData<string, uint> Vectors => new()
    {
        { new string('0', 64), 0x8a9136aa },
        { new string('f', 64), 0x62a8ab43 },
        { Convert.ToHexString([.. Enumerable.Range(0, 32).Select(i => (byte)i)]), 0x46dd794e },
        { Convert.ToHexString([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]), 0x113fdb5c },
        { ReadCommand, 0xd9963a56 },
        { Convert.ToHexString(Encoding.ASCII.GetBytes("123456789")), 0xe3069283 },
        { "", 0 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Known_vectors(string hexadecimal, uint sum) => Crc32C.Of(Convert.FromHexString(hexadecimal)).ShouldBe(sum);

    [Fact]
    public void The_first_record_of_a_file_begins_as_in_all_event_files_there_are()
    {
        MemoryStream stream = new();
        EventFile.Write(stream, Events.Version(1.5e9).ToArray());
        // 24 bytes of a time and "brain.Event:2", and the checksum of that length
        Convert.ToHexStringLower(stream.ToArray().AsSpan(0, 12)).ShouldBe("1800000000000000a37f4b22");
    }
}
