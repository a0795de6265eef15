using System.IO.Compression;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Inputs.Opening;

public sealed class WarcSnifferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void HoldsMetadata_FileCutAfterItsFirstRecords_SaysWhatTheyAre(int missing)
    {
        byte[] record = WatFixture.Record(WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"http://a/b.jpg\",\"alt\":\"a black cat\"}]}"));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression)) { gzip.Write(record); }
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.At("x.warc.gz"), packed.ToArray()[..^missing]);

        Assert.True(WarcSniffer.IsWarc(folder.At("x.warc.gz")));
        Assert.True(WarcSniffer.HoldsMetadata(folder.At("x.warc.gz")));
    }
}
