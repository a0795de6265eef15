using System.Text;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.Tests.Inputs.Lists;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.Models.Heads.Weights;
using LaionStream.TestWorld;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Files that declare what they do not contain: each once cost rows, memory, the process, or unlimited time.</summary>
public sealed class ClaimTests
{
    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775600")]
    [InlineData("18446744073709551616")]
    [InlineData("-1")]
    public async Task Records_AfterOneOfAbsurdLength_AreRead(string length)
    {
        byte[] good = WatFixture.Record(WatFixture.Json(OneLink));
        string text = Encoding.UTF8.GetString(good);
        byte[] bad = Encoding.UTF8.GetBytes(text.Replace("Content-Length: ", $"Content-Length: {length}\r\nX: ", StringComparison.Ordinal));

        byte[] file = [.. bad, .. Enumerable.Repeat(good, Good).SelectMany(record => record)];
        (List<LinkOutcome> outcomes, InputHealth health) = await WatFixture.ReadAsync(file, name: "x.warc.wat");

        Assert.InRange(outcomes.Count(outcome => outcome.Candidate is not null), Good, Good + 1);
        Assert.InRange(health.BadRecords, 1, 3);
    }

    [Theory]
    [InlineData(1L << 31)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-5L)]
    public async Task Parquet_FooterThatClaimsRowsWithoutEnd_IsRefused(long rows)
    {
        byte[] file = await ParquetListTests.MakeAsync("'https://a/' || i AS url FROM range(5000) t(i)", groupRows: 8192);
        using var world = new ListWorld();

        IOException refused = await Assert.ThrowsAsync<IOException>(
            () => world.ReadAsync(world.Write("claims.parquet", ClaimRows(file, 5000, rows)), captionRequired: false).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("claims.parquet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torch_TensorThatIsItsOwnParameter_IsRefused()
    {
        // {"0.weight": C} where C = _rebuild_parameter(*L) and L = [C].
        byte[] state =
        [
            0x80, 2, (byte)'}', (byte)'X', 8, 0, 0, 0, .. "0.weight"u8, .. "ctorch._utils\n_rebuild_parameter\n"u8,
            (byte)']', (byte)'q', 0, (byte)'R', (byte)'q', 1,
            (byte)'h', 0, (byte)'h', 1, (byte)'a', (byte)'0', (byte)'s', (byte)'.',
        ];
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.At("w.pth"), [.. "N.N.N."u8, .. state, .. "]."u8]);

        Assert.Throws<InvalidDataException>(() => TorchFile.Read(folder.At("w.pth")));
    }

    [Fact]
    public void Body_UnderCodingsWithoutEnd_KeepsTheInnerOnes()
    {
        byte[] plain = [.. "<html>plain"u8];
        byte[] twice = Zstd(Zstd(plain));
        byte[] five = Zstd(Zstd(Zstd(twice)));

        Assert.Equal(plain, Decode(twice, 2));
        Assert.Equal(twice, Decode(five, 5));
    }

    private const int Good = 8000; // more than is read at once
    private const string OneLink = "{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"http://a.example/b.jpg\",\"alt\":\"a black cat\"}]}";

    private static byte[] Decode(byte[] body, int codings)
    {
        string said = string.Join(", ", Enumerable.Repeat("zstd", codings));
        return BodyDecoder.Decode(HttpMessage.Parse([.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: {said}\r\n\r\n"), .. body]), 1 << 20);
    }

    private static byte[] Zstd(byte[] body)
    {
        using var compressor = new Compressor(1);
        return compressor.Wrap(body).ToArray();
    }

    /// <summary>The file with another number of rows at every offset of its footer that gives their number (Thrift's i64).</summary>
    private static byte[] ClaimRows(byte[] file, long rows, long claimed)
    {
        int length = BitConverter.ToInt32(file, file.Length - 8);
        ReadOnlySpan<byte> footer = file.AsSpan(file.Length - 8 - length, length);
        byte[] old = [0x16, .. Varint(rows)];
        var changed = new List<byte>();
        while (footer.IndexOf(old) is >= 0 and int at)
        {
            changed.AddRange(footer[..at]);
            changed.AddRange([0x16, .. Varint(claimed)]);
            footer = footer[(at + old.Length)..];
        }

        Assert.NotEmpty(changed);
        changed.AddRange(footer);
        return [.. file[..^(8 + length)], .. changed, .. BitConverter.GetBytes(changed.Count), .. "PAR1"u8];
    }

    private static byte[] Varint(long value)
    {
        ulong zigzag = ((ulong)value << 1) ^ (ulong)(value >> 63);
        var bytes = new List<byte>();
        for (; zigzag > 127; zigzag >>= 7) { bytes.Add((byte)(zigzag | 0x80)); }
        return [.. bytes, (byte)zigzag];
    }
}
