using LaionStream.Engine.Inputs.Inflating;

namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>Whole members of all kinds, in all pieces.</summary>
public sealed class GunzipStreamTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string content in Packings.Contents.Keys)
            {
                foreach (string way in Packings.Ways) { all.Add(content, way); }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_AnyContent_IsWhatWasPacked(string name, string way)
    {
        byte[] content = Packings.Contents[name];
        byte[] file = Packings.Pack(content, way);

        foreach (int memory in (int[])[1, 2, 7, 300, 4096, 1 << 16, 1 << 20])
        {
            Gunzip read = Gunzip.Ours(file, memory);
            Assert.False(read.IsDamaged, $"{memory}");
            Assert.True(content.AsSpan().SequenceEqual(read.Content), $"{memory}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_InputInSmallSlices_IsWhatWasPacked(string name, string way)
    {
        byte[] content = Packings.Contents[name];
        byte[] file = Packings.Pack(content, way);

        foreach (int slice in (int[])[1, 2, 3, 9, 17, 100, 8192])
        {
            Gunzip read = Gunzip.Ours(new Slices(file, [slice]));
            Assert.False(read.IsDamaged, $"{slice}");
            Assert.True(content.AsSpan().SequenceEqual(read.Content), $"{slice}");
        }
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("optimal")]
    [InlineData("fixed")]
    public void Read_InputCutInTwoAtAnyByte_IsWhatWasPacked(string way)
    {
        byte[] content = Packings.Contents["small"];
        byte[] file = [.. Packings.Pack(content, way), .. Packings.Pack(content.AsSpan(0, 500), way)];

        for (int at = 1; at < file.Length; at++)
        {
            foreach (int memory in (int[])[1, 7, 400, 1 << 16])
            {
                Gunzip read = Gunzip.Ours(new Slices(file, [at, 8192]), memory);
                Assert.False(read.IsDamaged, $"{at}");
                Assert.Equal([.. content, .. content[..500]], read.Content);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_EachRequestForInput_ComesWhereGZipStreamAsks(string name, string way)
    {
        // The owner of a window learns from the requests which output belongs to which slice.
        byte[] packed = Packings.Pack(Packings.Contents[name].AsSpan()[..Math.Min(20_000, Packings.Contents[name].Length)], way);
        byte[] file = [.. packed, .. packed];
        int[] slices = [5, 7, 40, 41, 1000, 3, 900, 1, 1, 2000];

        Assert.Equal(
            Requests(file, slices, stream => new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress)),
            Requests(file, slices, stream => new GunzipStream(stream)));
    }

    [Fact]
    public async Task ReadAsync_BytesAtHand_CompletesAtOnce()
    {
        byte[] content = Packings.Text(100_000);
        await using var stream = new GunzipStream(new MemoryStream(Packings.Pack(content, "optimal")));
        byte[] memory = new byte[1 << 16];
        using var read = new MemoryStream();
        while (true)
        {
            ValueTask<int> bytes = stream.ReadAsync(memory);
            Assert.True(bytes.IsCompletedSuccessfully);
            if (await bytes is var count && count == 0) { break; }
            read.Write(memory, 0, count);
        }

        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task ReadAsync_BytesComeLater_IsWhatWasPacked()
    {
        byte[] content = Packings.Text(30_000);
        await using var stream = new GunzipStream(new Slices(Packings.Pack(content, "optimal"), [11], yields: true));
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);

        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task ReadAsync_Damage_IsInTheTask()
    {
        await using var stream = new GunzipStream(new MemoryStream([1, 2, 3]));
        ValueTask<int> bytes = stream.ReadAsync(new byte[10]);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await bytes);
    }

    private static List<long> Requests(byte[] file, int[] slices, Func<Stream, Stream> open)
    {
        var requests = new List<long>();
        long read = 0;
        var sliced = new Slices(file, slices) { Asked = () => requests.Add(read) };
        using Stream stream = open(sliced);
        byte[] memory = new byte[1 << 16];
        while (stream.Read(memory, 0, memory.Length) is > 0 and int count) { read += count; }
        return requests;
    }
}
