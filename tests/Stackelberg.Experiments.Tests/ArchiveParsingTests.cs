using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackelberg.Agents;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests;

/// <summary>Files of tensors and arrays, read by parsers that were written here from the descriptions of the formats.</summary>
public sealed partial class ArchiveParsingTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 12).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Single_tensors_of_any_shape_are_found_where_the_header_says(ulong seed)
    {
        var random = RandomStream.FromSeed(seed);
        NamedTensor[] tensors = [.. Shapes(random).Select((s, i) => new NamedTensor($"layer{i}/ü \"{i}\"", s, [.. Values(random, s).Select(v => (float)v)]))];
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);

        Dictionary<string, (string Type, int[] Shape, byte[] Data)> read = ReadSafetensors(stream.ToArray());

        read.Keys.ShouldBe(tensors.Select(t => t.Name), ignoreOrder: true);
        foreach (NamedTensor tensor in tensors)
        {
            (string type, int[] shape, byte[] data) = read[tensor.Name];
            type.ShouldBe("F32");
            shape.ShouldBe(tensor.Shape);
            data.Chunk(4).Select(b => BinaryPrimitives.ReadUInt32LittleEndian(b)).ShouldBe(tensor.Values.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Double_tensors_of_any_shape_are_found_where_the_header_says(ulong seed)
    {
        var random = RandomStream.FromSeed(seed);
        NamedArray[] tensors = [.. Shapes(random).Select((s, i) => new NamedArray($"x{i}", s, Values(random, s)))];
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);

        Dictionary<string, (string Type, int[] Shape, byte[] Data)> read = ReadSafetensors(stream.ToArray());

        read.Count.ShouldBe(tensors.Length);
        foreach (NamedArray tensor in tensors)
        {
            (string type, int[] shape, byte[] data) = read[tensor.Name];
            type.ShouldBe("F64");
            shape.ShouldBe(tensor.Shape);
            data.Chunk(8).Select(b => BinaryPrimitives.ReadInt64LittleEndian(b)).ShouldBe(tensor.Values.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void A_file_without_tensors_is_a_header_alone()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, Array.Empty<NamedTensor>());
        ReadSafetensors(stream.ToArray()).ShouldBeEmpty();
        stream.Length.ShouldBe(16);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Arrays_of_any_shape_are_found_in_the_archive(ulong seed)
    {
        var random = RandomStream.FromSeed(seed);
        (string Name, int[] Shape, double[] Values)[] arrays = [.. Shapes(random).Select((s, i) => ($"a{i}", s, Values(random, s)))];
        using var stream = new MemoryStream();
        using (NumpyArchive archive = new(stream))
        {
            foreach ((string name, int[] shape, double[] values) in arrays)
            {
                archive.Add(name, values, shape);
                archive.Add(name + "_positive", [.. values.Select(v => v > 0)], shape);
            }
        }

        List<(string Name, byte[] Content)> entries = ReadZip(stream.ToArray());

        entries.Select(e => e.Name).ShouldBe(arrays.SelectMany(a => new[] { a.Name + ".npy", a.Name + "_positive.npy" }));
        for (int i = 0; i < arrays.Length; i++)
        {
            (string type, int[] shape, byte[] data) = ReadNpy(entries[2 * i].Content);
            type.ShouldBe("<f8");
            shape.ShouldBe(arrays[i].Shape);
            data.Chunk(8).Select(b => BinaryPrimitives.ReadInt64LittleEndian(b)).ShouldBe(arrays[i].Values.Select(BitConverter.DoubleToInt64Bits));
            (type, shape, data) = ReadNpy(entries[(2 * i) + 1].Content);
            type.ShouldBe("|b1");
            shape.ShouldBe(arrays[i].Shape);
            data.ShouldBe(arrays[i].Values.Select(v => (byte)(v > 0 ? 1 : 0)));
        }
    }

    [Fact]
    public void An_archive_leaves_its_stream_open_and_may_be_empty()
    {
        using var stream = new MemoryStream();
        new NumpyArchive(stream).Dispose();
        stream.CanWrite.ShouldBeTrue();
        ReadZip(stream.ToArray()).ShouldBeEmpty();
    }

    // one axis, none, empty axes and several; the number of tensors moves the length of the header through every remainder
    private static int[][] Shapes(RandomStream random) =>
        [[3], [], [0], [0, 4], .. Enumerable.Range(0, random.NextInt32(5)).Select(_ => Enumerable.Range(0, random.NextInt32(4)).Select(_ => random.NextInt32(5)).ToArray())];

    private static double[] Values(RandomStream random, int[] shape)
    {
        double[] values = new double[shape.Aggregate(1, (a, b) => a * b)];
        random.FillNormal(values);
        if (values.Length > 2)
        {
            (values[0], values[1]) = (double.NegativeInfinity, -0.0);
        }

        return values;
    }

    /// <summary>Eight bytes with the header's length, the header, the data; offsets count from the data's beginning, without gap or overlap.</summary>
    private static Dictionary<string, (string Type, int[] Shape, byte[] Data)> ReadSafetensors(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file), start = 8 + length;
        (start % 8).ShouldBe(0);
        file[8].ShouldBe((byte)'{');
        JsonObject header = JsonNode.Parse(Encoding.UTF8.GetString(file, 8, length))!.AsObject();
        var read = new Dictionary<string, (string Type, int[] Shape, byte[] Data)>();
        int next = 0;
        foreach ((string name, JsonNode? entry) in header.OrderBy(p => (int)p.Value!["data_offsets"]![1]!).ThenBy(p => (int)p.Value!["data_offsets"]![0]!))
        {
            int begin = (int)entry!["data_offsets"]![0]!, end = (int)entry["data_offsets"]![1]!;
            begin.ShouldBe(next);
            read.Add(name, ((string)entry["dtype"]!, [.. entry["shape"]!.AsArray().Select(s => (int)s!)], file[(start + begin)..(start + end)]));
            next = end;
        }

        (start + next).ShouldBe(file.Length);
        return read;
    }

    /// <summary>By the directory at the end; entries must be stored as they are, with the checksum that belongs to them.</summary>
    private static List<(string Name, byte[] Content)> ReadZip(byte[] file)
    {
        ReadOnlySpan<byte> end = file.AsSpan(file.Length - 22);
        BinaryPrimitives.ReadUInt32LittleEndian(end).ShouldBe(0x06054b50u);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), at = BinaryPrimitives.ReadInt32LittleEndian(end[16..]);
        List<(string Name, byte[] Content)> entries = [];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> central = file.AsSpan(at);
            BinaryPrimitives.ReadUInt32LittleEndian(central).ShouldBe(0x02014b50u);
            BinaryPrimitives.ReadUInt16LittleEndian(central[10..]).ShouldBe((ushort)0);
            int size = BinaryPrimitives.ReadInt32LittleEndian(central[20..]), name = BinaryPrimitives.ReadUInt16LittleEndian(central[28..]);
            BinaryPrimitives.ReadInt32LittleEndian(central[24..]).ShouldBe(size);
            int local = BinaryPrimitives.ReadInt32LittleEndian(central[42..]);
            int data = local + 30 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(local + 26)) + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(local + 28));
            byte[] content = file[data..(data + size)];
            Checksum(content).ShouldBe(BinaryPrimitives.ReadUInt32LittleEndian(central[16..]));
            entries.Add((Encoding.ASCII.GetString(central.Slice(46, name)), content));
            at += 46 + name + BinaryPrimitives.ReadUInt16LittleEndian(central[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(central[32..]);
        }

        return entries;
    }

    /// <summary>Magic, version 1.0, two bytes of length, a Python dictionary, the data at a multiple of 64.</summary>
    private static (string Type, int[] Shape, byte[] Data) ReadNpy(byte[] file)
    {
        file[..8].ShouldBe([0x93, .. "NUMPY"u8, 1, 0]);
        int start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        (start % 64).ShouldBe(0);
        Match match = NpyHeader().Match(Encoding.ASCII.GetString(file, 10, start - 10));
        match.Success.ShouldBeTrue();
        string sizes = match.Groups["shape"].Value;
        // without its comma one number in brackets is no tuple
        (sizes.Count(char.IsAsciiDigit) == 0 || sizes.Contains(',', StringComparison.Ordinal)).ShouldBeTrue();
        return (match.Groups["type"].Value, [.. sizes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)], file[start..]);
    }

    // CRC-32 bit by bit, polynomial 0x04C11DB7 reflected
    private static uint Checksum(byte[] content)
    {
        uint sum = 0xFFFFFFFF;
        foreach (byte b in content)
        {
            sum ^= b;
            for (int i = 0; i < 8; i++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
            }
        }

        return ~sum;
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[^']+)', 'fortran_order': False, 'shape': \((?<shape>[0-9, ]*)\), \} *\n$")]
    private static partial Regex NpyHeader();
}
