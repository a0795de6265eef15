using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Decoding;

/// <summary>
/// Turns fetched bytes into the models' pixel inputs, or drops the row when they are not a picture that we accept. Consumes the fetched message.
/// </summary>
/// <param name="options">Limits and picture handling.</param>
/// <param name="specs">The inputs that the run's models need; the first is CLIP's.</param>
/// <param name="pixels">The slice of the memory budget for decoded pixels.</param>
/// <param name="log">Logs pictures that break the decoder in unknown ways.</param>
/// <param name="keeper">Keeps what the output stores of a picture; null for nothing.</param>
/// <param name="hooks">Tests only.</param>
internal sealed partial class DecodeStage(
    ImagingOptions options, IReadOnlyList<PixelSpec> specs, ByteBudget pixels, ILogger<DecodeStage> log, PictureKeeper? keeper = null, DecodeHooks? hooks =
        null)
{
    private readonly PictureKeeper _keeper = keeper ?? PictureKeeper.None;
    private readonly PictureReader _reader = new(options, specs, hooks?.ReadHeader ?? ImageHeader.Read, keeper?.Resize);
    private readonly PoisonBudget _poison = new();

    /// <summary>
    /// Prepares one picture. The encoded body is returned as soon as the pixels are decoded, unless the output stores it; the pixels before this method
    /// returns.
    /// </summary>
    /// <param name="image">The fetched bytes; disposed on every path.</param>
    /// <param name="abort">Cancels the wait for memory and the decode of large pictures.</param>
    /// <exception cref="InvalidOperationException">More pictures broke the decoder in unknown ways than <see cref="PoisonBudget"/> allows.</exception>
    public async ValueTask<Step<PreparedImage>> RunAsync(FetchedImage image, CancellationToken abort)
    {
        _poison.NoteRow();
        ImageHeader header = default;
        try
        {
            PictureHead head = _reader.Judge(image.Body.Memory.Span);
            header = head.Header;
            if (head.Reason is { } reason) { return reason; }

            try
            {
                return Prepare(image, head, await ReserveAsync(image, header, whole: false, abort), whole: false, abort);
            }
            catch (WholePictureException)
            {
                return Prepare(image, head, await ReserveAsync(image, header, whole: true, abort), whole: true, abort);
            }
        }
        catch (EncodeException e)
        {
            Log.EncodeFailed(log, image.Key, e.Message);
            return DropReason.EncodeFailed;
        }
        catch (DecodeException e)
        {
            abort.ThrowIfCancellationRequested(); // the decode was cancelled; the picture is not at fault
            Log.DecodeFailed(log, image.Key, e.Message);
            return DropReason.DecodeFailed;
        }
        catch (Exception e) when (e is not (OperationCanceledException or DllNotFoundException))
        {
            Log.Poison(log, image.Key, header.Format, header.Width, header.Height, e);
            _poison.Spend(e);
            return DropReason.Poison;
        }
        finally
        {
            image.Dispose();
        }
    }

    private ValueTask<ByteLease> ReserveAsync(FetchedImage image, in ImageHeader header, bool whole, CancellationToken abort) =>
        pixels.ReserveAsync(_reader.BytesFor(header, image.Body.Memory.Length, whole), abort);

    private PreparedImage Prepare(FetchedImage image, in PictureHead head, ByteLease lease, bool whole, CancellationToken abort)
    {
        ReadPicture picture;
        FileFacts file = default;
        try
        {
            picture = _reader.Prepare(image.Body.Memory, head, abort, Decoded, whole);
        }
        catch (Exception)
        {
            lease.Dispose();
            throw;
        }

        return _keeper.Join(image, picture, file, lease);

        void Decoded()
        {
            file = _keeper.FactsOf(image); // after the decode: by then another thread has probably computed the digest, and a broken picture needs none
            if (!_keeper.KeepsAny) { image.Dispose(); }
        }
    }
}
