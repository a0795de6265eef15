using System.Text;
using LaionStream.Demo;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Host.Tests.Faults;

/// <summary>Image-text pairs from a WARC whose pictures are used for its own links.</summary>
public sealed class ArchiveTests
{
    [Fact]
    public async Task Run_FromArchive_MakesPairsWithoutRequests()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        int asked = 0;
        run.OnRequest = _ => Interlocked.Increment(ref asked);
        run.Inputs[0] = Path.ChangeExtension(run.Inputs[0], ".made.warc");
        File.WriteAllBytes(run.Inputs[0], Warc());
        run.Settings["Laion:Download:FromArchive"] = "true";

        await run.ExecuteAsync();

        Assert.Equal(0, asked);
        await run.AssertWholeAsync(rows: 2, links: 4);

        // Whether pictures come from the archive is part of the fingerprint.
        run.Settings["Laion:Download:FromArchive"] = "false";
        OutputRefusedException refused = await Assert.ThrowsAsync<OutputRefusedException>(() => run.ExecuteAsync());
        Assert.Contains("Download:FromArchive", refused.Message, StringComparison.Ordinal);
    }

    // Two allowed pictures, one that its server excludes, one link without alt.
    private static byte[] Warc()
    {
        const string Page = "<img src=/1.png alt='the first picture'><img src=/2.png alt='the second picture'><img src=/no.png alt='a picture kept back'><img src=/3.png>";
        return
        [
            .. Record("http://www.a.example/", "Content-Type: text/html", Encoding.UTF8.GetBytes(Page)),
            .. Record("http://www.a.example/1.png", "Content-Type: image/png", LoopbackFaults.SoundPicture.Span),
            .. Record("http://www.a.example/2.png", "Content-Type: image/png", LoopbackFaults.SoundPicture.Span),
            .. Record("http://www.a.example/no.png", "Content-Type: image/png\r\nx-robots-tag: noimageai", LoopbackFaults.SoundPicture.Span),
        ];
    }

    private static byte[] Record(string address, string fields, ReadOnlySpan<byte> body)
    {
        byte[] block = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n"), .. body];
        return [.. Encoding.ASCII.GetBytes($"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Length: {block.Length}\r\n\r\n"),
            .. block, .. "\r\n\r\n"u8];
    }
}
