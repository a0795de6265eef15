using LaionStream.Explorer.Data;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Host.Verbs.Serving;

/// <summary>Makes thumbnails with the decoders and the resampling of a run.</summary>
internal sealed class ServedThumbnails(LimitedDecoder decoder) : IThumbnailMaker
{
    private const int Quality = 82;

    /// <inheritdoc/>
    public ValueTask<byte[]> MakeAsync(ReadOnlyMemory<byte> file, int side, CancellationToken abort)
    {
        var storage = new PictureStorage(new ResizeOptions { Size = side, Mode = ResizeMode.KeepRatioLargest, OnlyIfBigger = true, Quality = Quality });
        return decoder.DecodeAsync(file, (pixels, header) => storage.Make(pixels, header).Bytes, abort);
    }
}
