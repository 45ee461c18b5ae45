using System.Buffers.Binary;
using System.Text;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Written_tensors_are_read_back_bit_for_bit()
    {
        NamedTensor[] tensors =
        [
            new("layer0.weight", [2, 3], [1f, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, BitConverter.UInt32BitsToSingle(0xFFC12345)]),
            new("log_std", [], [0.5f]),
            new("empty", [0, 4], []),
        ];
        string path = folder.Below("a.safetensors");
        using (FileStream file = File.Create(path))
        {
            Safetensors.Write(file, tensors);
        }

        IReadOnlyDictionary<string, NamedTensor> read = Safetensors.Read(path);

        read.Count.ShouldBe(3);
        foreach (NamedTensor tensor in tensors)
        {
            read[tensor.Name].Shape.ShouldBe(tensor.Shape);
            read[tensor.Name].Values.Select(BitConverter.SingleToUInt32Bits).ShouldBe(tensor.Values.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Fact]
    public void The_bytes_are_those_the_format_prescribes()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [new NamedTensor("w", [2], [1f, 2f])]);

        // by hand: the header has 54 characters and is padded to 56
        byte[] header = Encoding.ASCII.GetBytes("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""".PadRight(56));
        stream.ToArray().ShouldBe([56, 0, 0, 0, 0, 0, 0, 0, .. header, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
    }

    [Fact]
    public void Double_tensors_have_the_bytes_the_format_prescribes()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [new Agents.NamedArray("w", [1], [-2])]);
        byte[] header = Encoding.ASCII.GetBytes("""{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""".PadRight(56));
        stream.ToArray().ShouldBe([56, 0, 0, 0, 0, 0, 0, 0, .. header, 0, 0, 0, 0, 0, 0, 0, 0xC0]);
    }

    [Fact]
    public void A_file_of_another_program_is_read_whatever_the_order_of_its_entries()
    {
        string path = Write("""{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"shape":[1,1],"data_offsets":[0,4],"dtype":"F32"}}""", 8);
        Safetensors.Read(path).Keys.Order().ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("""[1]""", 0, "no JSON object")]
    [InlineData("""{"a":""", 0, "no JSON")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8, "\"dtype\": \"F32\"")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", 8, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "take 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8, "8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 8, "begin at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "begin at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "begin at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "begin at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "8 follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    public void A_malformed_header_is_refused_naming_file_and_fault(string header, int dataBytes, string fault)
    {
        string path = Write(header, dataBytes);
        CheckpointException error = Should.Throw<CheckpointException>(() => Safetensors.Read(path));
        error.Message.ShouldContain(path);
        error.Message.ShouldContain(fault);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(long.MaxValue)]
    public void A_header_length_beyond_the_file_is_refused(long length)
    {
        string path = Write("{}", 8);
        byte[] content = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt64LittleEndian(content, length);
        File.WriteAllBytes(path, content);
        Should.Throw<CheckpointException>(() => Safetensors.Read(path)).Message.ShouldContain($"{length} bytes");
    }

    [Fact]
    public void Any_truncation_is_refused()
    {
        string path = Write("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        byte[] content = File.ReadAllBytes(path);
        for (int length = 0; length < content.Length; length++)
        {
            File.WriteAllBytes(path, content[..length]);
            Should.Throw<CheckpointException>(() => Safetensors.Read(path));
        }
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Should.Throw<CheckpointException>(() => Safetensors.Read(folder.Below("none.safetensors"))).Message.ShouldContain("none.safetensors");

    [Fact]
    public void Writing_refuses_names_and_shapes_that_cannot_be_read_back()
    {
        Should.Throw<ArgumentException>(() => Safetensors.Write(Stream.Null, [new NamedTensor("a", [1], [1]), new NamedTensor("a", [1], [2])]));
        Should.Throw<ArgumentException>(() => Safetensors.Write(Stream.Null, [new NamedTensor("__metadata__", [1], [1])]));
        Should.Throw<ArgumentException>(() => Safetensors.Write(Stream.Null, [new NamedTensor("a", [2, 2], [1, 2, 3])]));
    }

    private string Write(string header, int dataBytes)
    {
        string path = folder.Below("file.safetensors");
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(path, [.. length, .. Encoding.ASCII.GetBytes(header), .. new byte[dataBytes]]);
        return path;
    }
}
