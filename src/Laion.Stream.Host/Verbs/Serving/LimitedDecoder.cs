using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Host.Verbs.Serving;

/// <summary>Decodes pictures that strangers send, under the limits of a run but for those of size and shape. A few at once: each may take a gigabyte.</summary>
internal sealed class LimitedDecoder : IDisposable
{
    private const int AtOnce = 2;
    private readonly ImagingOptions _options;
    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <summary>Takes the limits.</summary>
    /// <param name="run">The run's.</param>
    public LimitedDecoder(ImagingOptions run)
    {
        _options = run.With(run.DecodeTimeout); // a copy
        (_options.MinSide, _options.MaxAspectRatio) = (1, 1_000_000);
    }

    /// <summary>Decodes a picture and makes something of it.</summary>
    /// <typeparam name="T">What is made.</typeparam>
    /// <param name="file">The picture's whole file.</param>
    /// <param name="make">Makes it of the pixels, which end with the call.</param>
    /// <param name="abort">Ends the decode.</param>
    /// <exception cref="InvalidDataException">It does not decode within the limits; the message is the drop reason of a run.</exception>
    public async ValueTask<T> DecodeAsync<T>(ReadOnlyMemory<byte> file, Func<DecodedPixels, ImageHeader, T> make, CancellationToken abort)
    {
        ImageHeader header = ImageHeader.Read(file.Span);
        if (ImageRules.Reject(header, _options) is { } reason) { throw new InvalidDataException(reason.Name()); }

        await _places.WaitAsync(abort);
        try
        {
            return await Task.Run(() => Decode(file, header, make, abort), abort);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private T Decode<T>(ReadOnlyMemory<byte> file, ImageHeader header, Func<DecodedPixels, ImageHeader, T> make, CancellationToken abort)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
        deadline.CancelAfter(_options.DecodeTimeout);
        try
        {
            using DecodedPixels pixels = ImageDecoder.Decode(
                file, header, _options.Compat == ImagingCompat.None, deadline.Token, _options.Jpeg, PictureLibraries.Available(_options.Decoder));
            return make(pixels, header);
        }
        catch (Exception e) when (e is not (OperationCanceledException or DllNotFoundException or OutOfMemoryException))
        {
            // As in a run, a picture that breaks its decoder in a way that we do not know is no fault of the service.
            abort.ThrowIfCancellationRequested();
            throw new InvalidDataException(DropReason.DecodeFailed.Name(), e);
        }
    }
}
