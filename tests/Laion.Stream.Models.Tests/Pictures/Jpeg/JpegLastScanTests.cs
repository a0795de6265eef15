using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

public sealed class JpegLastScanTests
{
    /// <summary>
    /// A scan that cannot be decoded has sent none of its bits, although its header lists them. Files with one scan per component even ended in an
    /// undocumented exception.
    /// </summary>
    [Fact]
    public void Decode_LastScanWithoutItsTable_IsIncomplete()
    {
        byte[] file = MadePictures.Encode(ImageFormat.Jpeg, 24, 17, buffered: true);
        int scan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.Equal(1, file[scan + 4]); // of one component
        file[scan + 6] = 0x33; // tables that no segment defines

        JpegException broken = Assert.Throws<JpegException>(() => JpegDecoder.Decode(file, JpegLimits.Default, CancellationToken.None));

        Assert.Equal(JpegErrorKind.Malformed, broken.Kind);
    }
}
