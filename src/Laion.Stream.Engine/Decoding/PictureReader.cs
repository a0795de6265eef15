using System.Diagnostics;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding;

/// <summary>Converts a file's bytes to the models' inputs, in whichever process: header, rules, pixels. Does not know rows and budgets.</summary>
/// <param name="options">Limits and picture handling.</param>
/// <param name="specs">The inputs to prepare; the first is CLIP's.</param>
/// <param name="readHeader">Reads headers.</param>
/// <param name="resize">How to make the picture that the output stores; null to make none.</param>
internal sealed class PictureReader(ImagingOptions options, IReadOnlyList<PixelSpec> specs, HeaderReader readHeader, ResizeOptions? resize = null)
{
    private readonly PicturePass _pass = new(options.Compat, specs, options.Jpeg, options.Decoder);
    private readonly PictureStorage? _storage = resize is null ? null : new PictureStorage(resize, options.Decoder);

    /// <summary>Reads the header and applies the rules. The header is as untrusted as the pixels: reading it counts towards the same time limit.</summary>
    /// <exception cref="DecodeException">It took the whole time.</exception>
    public PictureHead Judge(ReadOnlySpan<byte> body)
    {
        long start = Stopwatch.GetTimestamp();
        ImageHeader header = readHeader(body);
        if (ImageRules.Reject(header, options) is { } reason) { return new PictureHead(header, reason, default); }

        TimeSpan left = options.DecodeTimeout - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero ? new PictureHead(header, null, left) : throw new DecodeException("Reading the header took too long.");
    }

    /// <summary>Memory that <see cref="Prepare"/> needs.</summary>
    /// <param name="header">A header that the rules accepted.</param>
    /// <param name="bodyBytes">Size of the file.</param>
    /// <param name="whole">Whether it may decode to a copy of the whole picture even if the header promises that none is needed.</param>
    public long BytesFor(in ImageHeader header, int bodyBytes, bool whole) =>
        ImageRules.DecodeBytes(header, bodyBytes, options.Decoder, !whole && _pass.Streams(header))
        + _pass.HeldBytes(header) + (_storage?.MostBytes(header) ?? 0);

    /// <summary>Decodes a picture that the rules accepted, and prepares the inputs.</summary>
    /// <param name="body">The file.</param>
    /// <param name="head">The result of <see cref="Judge"/>.</param>
    /// <param name="abort">Cancels the decode.</param>
    /// <param name="decoded">Called when the file's bytes are no longer needed.</param>
    /// <param name="whole">As for <see cref="BytesFor"/>.</param>
    /// <exception cref="WholePictureException">Only if not <paramref name="whole"/>: the picture needs it, against what its header promised.</exception>
    /// <exception cref="DecodeException">The picture does not decode completely, or not in time.</exception>
    /// <exception cref="EncodeException">The picture to store cannot be encoded.</exception>
    public ReadPicture Prepare(ReadOnlyMemory<byte> body, in PictureHead head, CancellationToken abort, Action? decoded = null, bool whole = true)
    {
        long start = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
        deadline.CancelAfter(head.Left);
        StoredRows? rows = null;
        ImageHeader header = head.Header;
        Func<int, int, IRowSink>? also = _storage is null ? null : (pictureWidth, pictureHeight) => rows = _storage.Begin(header, pictureWidth, pictureHeight);
        try
        {
            (int width, int height, PixelInput[] inputs, string phash) = _pass.Read(body, header, deadline.Token, also, decoded, whole);
            if (Stopwatch.GetElapsedTime(start) > head.Left) { throw new DecodeException("The decode took too long."); } // on a busy machine the timer may be late
            (width, height) = ImagePreparation.OrientationOf(header, options.Compat).Shown(width, height);
            StoredFile? stored = rows is null ? null : _storage!.Finish(rows, header); // if it throws, the inputs are left to the garbage collector
            return new ReadPicture(width, height, phash, inputs, stored);
        }
        finally
        {
            rows?.Dispose();
        }
    }
}
