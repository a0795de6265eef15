using System.Security.Cryptography;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.Logging;
using NetVips;

namespace LaionStream.Engine.Decoding;

/// <summary>
/// Turns fetched bytes into the models' pixel inputs, or drops the row when they are not a picture that we accept. Consumes the fetched message.
/// </summary>
/// <param name="options">Limits and picture handling.</param>
/// <param name="specs">The inputs that the run's models need; the first is CLIP's.</param>
/// <param name="pixels">The slice of the memory budget for decoded pixels.</param>
/// <param name="log">Logs pictures that break the decoder in unknown ways.</param>
/// <param name="hooks">Tests only.</param>
internal sealed partial class DecodeStage(
    ImagingOptions options, IReadOnlyList<PixelSpec> specs, ByteBudget pixels, ILogger<DecodeStage> log, DecodeHooks? hooks = null)
{
    private readonly PictureReader _reader = new(options, specs, hooks?.ReadHeader ?? ImageHeader.Read);
    private readonly PoisonBudget _poison = new();

    /// <summary>Prepares one picture. The encoded body is returned as soon as the pixels are decoded, the pixels before this method returns.</summary>
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

            using ByteLease lease = await pixels.ReserveAsync(ImageRules.DecodeBytes(header, image.Body.Memory.Length), abort);
            return Prepare(image, head, abort);
        }
        catch (Exception e) when (e is VipsException or DecodeException)
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

    private PreparedImage Prepare(FetchedImage image, in PictureHead head, CancellationToken abort)
    {
        ReadOnlyMemory<byte> body = image.Body.Memory;
        string md5 = Convert.ToHexStringLower(MD5.HashData(body.Span));
        ReadPicture picture = _reader.Prepare(body, head, abort, image.Dispose);
        return new PreparedImage(image.Candidate, image.Fetch, new PictureFacts(picture.Width, picture.Height, md5, picture.PHash), picture.Inputs);
    }
}
