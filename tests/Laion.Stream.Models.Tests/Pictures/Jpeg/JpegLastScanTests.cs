using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

public sealed class JpegLastScanTests
{
    /// <summary>A scan that cannot be read has brought none of its bits, though its header names them. Files of one colour's scans each even ended in an undocumented exception.</summary>
    [Fact]
    public void Decode_LastScanWithoutItsTable_IsNotWhole()
    {
        byte[] file = MadePictures.Encode(ImageFormat.Jpeg, 24, 17, buffered: true);
        int scan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.Equal(1, file[scan + 4]); // of one component
        file[scan + 6] = 0x33; // tables that no segment defines

        JpegException broken = Assert.Throws<JpegException>(() => JpegDecoder.Decode(file, JpegLimits.Default, CancellationToken.None));

        Assert.Equal(JpegErrorKind.Malformed, broken.Kind);
    }
}
