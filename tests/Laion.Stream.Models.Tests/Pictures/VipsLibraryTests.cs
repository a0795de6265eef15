using System.Text;
using LaionStream.Models.Pictures;
using NetVips;

namespace LaionStream.Models.Tests.Pictures;

/// <summary>Only the loaders of the formats that are decoded can be reached, whatever the bytes are.</summary>
public sealed class VipsLibraryTests
{
    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")]
    [InlineData("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")]
    [InlineData("P6 2 1 255\nabcdef")] // PPM, which libvips reads itself: only the block keeps it out
    [InlineData("P2 2 1 255\n1 2\n")]
    [InlineData("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nabcd")]
    [InlineData("SIMPLE  =                    T")]
    [InlineData("MATLAB 5.0 MAT-file")]
    [InlineData("push graphic-context\nimage over 0,0 0,0 'https://pictures.test/a.jpg'\npop graphic-context")] // ImageMagick's own language
    public void NewFromBuffer_FormatThatIsNotOurs_ReachesNoLoader(string text)
    {
        VipsLibrary.EnsureReady();
        byte[] bytes = [.. Encoding.Latin1.GetBytes(text), .. new byte[1000]];
        Assert.Throws<VipsException>(() => Image.NewFromBuffer(bytes));
        using var source = Source.NewFromMemory(bytes);
        Assert.Throws<VipsException>(() => Image.NewFromSource(source));
    }

    [Theory]
    [InlineData("svgload_buffer")]
    [InlineData("pdfload_buffer")]
    [InlineData("magickload_buffer")]
    [InlineData("openslideload_source")]
    [InlineData("matload")]
    [InlineData("fitsload")]
    [InlineData("niftiload")]
    [InlineData("openexrload")]
    [InlineData("ppmload_buffer")]
    [InlineData("radload_buffer")]
    [InlineData("csvload_source")]
    [InlineData("matrixload_source")]
    [InlineData("vipsload_source")]
    [InlineData("rawload")]
    [InlineData("analyzeload")]
    [InlineData("jxlload_buffer")]
    [InlineData("jp2kload_buffer")]
    [InlineData("dzload")]
    public void Call_LoaderThatIsNotOurs_IsBlockedByName(string loader)
    {
        VipsLibrary.EnsureReady();
        object[] arguments = loader.EndsWith("_buffer", StringComparison.Ordinal) ? [new byte[100]] : ["/nowhere"];
        if (loader.EndsWith("_source", StringComparison.Ordinal)) { arguments = [Source.NewFromMemory(new byte[100])]; }
        if (loader == "rawload") { arguments = ["/nowhere", 1, 1, 1]; }

        VipsException refusal = Assert.Throws<VipsException>(() => Operation.Call(loader, arguments));

        // Blocked, or not even compiled in.
        string[] refusals = ["blocked", "not found", "unable to"];
        Assert.True(refusals.Any(text => refusal.Message.Contains(text, StringComparison.Ordinal)), refusal.Message);
    }
}
