using System.IO.Compression;
using System.Text;

namespace Stackelberg.Experiments.Tests;

public sealed class NumpyArchiveTests
{
    // numpy.save(file, numpy.array([[1.0, -2.5], [3.0, 0.0], [4.0, 1e-300]])) of NumPy 1.24.2
    private const string SavedByNumpy =
        "934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028332c2032292c207d2020202020"
        + "20202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020200a000000000000f03f00000000000004c0000000000000"
        + "08400000000000000000000000000000104059f3f8c21f6ea501";

    [Fact]
    public void A_matrix_has_the_bytes_that_numpy_gives_it()
    {
        Dictionary<string, byte[]> entries = Entries(a => a.Add("m", [1.0, -2.5, 3.0, 0.0, 4.0, 1e-300], 3, 2));
        Convert.ToHexStringLower(entries["m.npy"]).ShouldBe(SavedByNumpy);
    }

    [Theory]
    [InlineData(new int[0], "()")]
    [InlineData(new[] { 1 }, "(1,)")]
    [InlineData(new[] { 1, 1, 1 }, "(1, 1, 1)")]
    public void Shapes_are_tuples_and_the_data_begins_at_a_multiple_of_64(int[] shape, string tuple)
    {
        byte[] entry = Entries(a => a.Add("x", [7.0], shape))["x.npy"];
        (entry.Length - 8).ShouldBe(128);
        BitConverter.ToUInt16(entry, 8).ShouldBe((ushort)118);
        string header = Encoding.ASCII.GetString(entry, 10, 118);
        header.ShouldStartWith($"{{'descr': '<f8', 'fortran_order': False, 'shape': {tuple}, }}");
        header.ShouldEndWith(" \n");
    }

    [Fact]
    public void Whole_numbers_take_eight_bytes_each()
    {
        byte[] entry = Entries(a => a.Add("n", [3L, -2L], 2))["n.npy"];
        Encoding.ASCII.GetString(entry, 10, 118).ShouldStartWith("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }");
        entry[128..].ShouldBe([3, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    }

    [Fact]
    public void Truth_values_take_a_byte_each()
    {
        byte[] entry = Entries(a => a.Add("t", [true, false, true], 3))["t.npy"];
        Encoding.ASCII.GetString(entry, 10, 118).ShouldStartWith("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }");
        entry[128..].ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void Long_shapes_take_more_than_one_block()
    {
        byte[] entry = Entries(a => a.Add("x", Array.Empty<double>(), [.. Enumerable.Repeat(0, 30)]))["x.npy"];
        (entry.Length % 64).ShouldBe(0);
        entry.Length.ShouldBe(192);
        entry[^1].ShouldBe((byte)'\n');
    }

    [Fact]
    public void Equal_arrays_give_equal_files()
    {
        static void Fill(NumpyArchive archive)
        {
            archive.Add("a", [1.0, 2.0], 2);
            archive.Add("b", [true], 1);
        }

        Bytes(Fill).ShouldBe(Bytes(Fill));
    }

    [Fact]
    public void Names_and_shapes_that_cannot_be_read_back_are_refused()
    {
        Should.Throw<ArgumentException>(() => Bytes(a => a.Add("x", [1.0], 2))).Message.ShouldContain("'x' of shape [2] has 1 values");
        Should.Throw<ArgumentException>(() => Bytes(a => a.Add("", [1.0], 1)));
        Should.Throw<ArgumentException>(() => Bytes(a =>
        {
            a.Add("x", [1.0], 1);
            a.Add("x", [true], 1);
        }));
    }

    private static byte[] Bytes(Action<NumpyArchive> fill)
    {
        using var stream = new MemoryStream();
        using (NumpyArchive archive = new(stream))
        {
            fill(archive);
        }

        return stream.ToArray();
    }

    private static Dictionary<string, byte[]> Entries(Action<NumpyArchive> fill)
    {
        using ZipArchive zip = new(new MemoryStream(Bytes(fill)));
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using Stream from = e.Open();
            using var to = new MemoryStream();
            from.CopyTo(to);
            return to.ToArray();
        });
    }
}
