using System.IO.Compression;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Records;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>One damage to a file of many members: every member that it does not affect must be returned intact, and no other as intact.</summary>
internal static class MemberFuzz
{
    public static Task GzipAsync(int seed) => RunAsync(seed, "x.gz", (body, level) =>
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, (CompressionLevel)level, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return output.ToArray();
    });

    public static Task ZstdAsync(int seed) => RunAsync(seed, "x.zst", (body, level) =>
    {
        using var compressor = new Compressor(1 + level);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(body).ToArray();
    });

    private static async Task RunAsync(int seed, string name, Func<byte[], int, byte[]> pack)
    {
        var random = new Random(seed);
        var members = new List<(int Start, int End, string Body)>();
        using var file = new MemoryStream();
        for (int i = random.Next(2, 30); i > 0; i--)
        {
            byte[] body = Body(random);
            int start = (int)file.Length;
            file.Write(pack(body, random.Next(3)));
            members.Add((start, (int)file.Length, Convert.ToHexString(body)));
        }

        byte[] whole = file.ToArray();
        int place = random.Next(whole.Length);
        int length = Math.Min(random.Next(1, 400), whole.Length - place);
        byte[] foreign = new byte[random.Next(1, 3000)];
        random.NextBytes(foreign);
        (byte[] damaged, int from, int to) = random.Next(4) switch
        {
            0 => (whole[..place], place, whole.Length),
            1 => ((byte[])[.. whole[..place], (byte)(whole[place] ^ random.Next(1, 256)), .. whole[(place + 1)..]], place, place + 1),
            2 => ([.. whole[..place], .. foreign, .. whole[place..]], place, place),
            _ => ([.. whole[..place], .. whole[(place + length)..]], place, place + length),
        };
        List<string> seen = await ReadAsync(damaged, name, random.Next(1, 70_000));

        // zstd reports at once that a frame has ended and that what follows is not a frame: where the next magic is broken, the frame before it is lost too.
        // Where a gzip member loses its last symbol or its trailer, its length is right at the boundary and its decompressor reads on: the next one is lost
        // too.
        int magic = name == "x.zst" ? 4 : 0;
        int tail = name == "x.gz" ? 32 : 0;
        string[] expected = [.. members.Where(m => m.End + magic <= from || m.End == whole.Length || m.Start >= to)
            .Where(m => m.End <= from || m.Start >= to + tail || m.Start == to).Select(m => m.Body)];
        string[] lost = [.. members.Where(m => expected.Contains(m.Body) && !seen.Contains(m.Body)).Select(m => $"{m.Start}..{m.End}")];
        Assert.True(lost.Length == 0, $"damage {from}..{to} of {whole.Length} loses {string.Join(", ", lost)}");

        // The only case in which GzipMembers is wrong, and reports it: a damaged member whose length is right at the boundary is accepted as intact.
        int unknown = seen.Count(body => members.All(member => member.Body != body));
        Assert.True(unknown <= (name == "x.gz" ? 1 : 0), $"damage {from}..{to} of {whole.Length} makes {unknown} members up");
    }

    // Half of them small, some with stored bytes that look like the start of a member.
    private static byte[] Body(Random random)
    {
        byte[] body = new byte[random.Next(8, random.Next(2) == 0 ? 60 : 6000)];
        random.NextBytes(body.AsSpan(0, random.Next(8, body.Length + 1)));
        if (random.Next(4) == 0 && body.Length > 40)
        {
            // No length precedes it: bodies as small as these would match theirs by chance.
            byte[] magic = random.Next(2) == 0 ? [0xff, 0xff, 0xff, 0xff, 0x1f, 0x8b, 0x08, 0x00] : [0xff, 0xff, 0xff, 0xff, 0x28, 0xb5, 0x2f, 0xfd];
            magic.CopyTo(body, random.Next(8, body.Length - magic.Length));
        }

        return body;
    }

    private static async Task<List<string>> ReadAsync(byte[] file, string name, int room)
    {
        var whole = new List<string>();
        var open = new MemoryStream();
        byte[] buffer = new byte[room];
        await using MemberSource source = await MemberSource.OpenAsync(new MemoryStream(file, writable: false), name, new InputHealth(), default);
        while (true)
        {
            Chunk stretch = await source.ReadAsync(buffer, default);
            if (stretch.Kind is ChunkKind.BeginsMember or ChunkKind.Ended && open.Length > 0)
            {
                whole.Add(Convert.ToHexString(open.ToArray()));
            }

            if (stretch.Kind != ChunkKind.Continues)
            {
                open.SetLength(0);
            }

            open.Write(buffer.AsSpan(0, stretch.Bytes));
            if (stretch.Kind is ChunkKind.Ended or ChunkKind.Cut)
            {
                return whole;
            }
        }
    }
}
