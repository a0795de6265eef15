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

/// <summary>Turns fetched bytes into the models' pixel inputs, or says why they are no picture for us. Consumes the fetched message.</summary>
/// <param name="options">Limits and manner.</param>
/// <param name="specs">The inputs that the run's models ask for; the first is CLIP's.</param>
/// <param name="pixels">The slice of the memory budget that decoded pixels take from.</param>
/// <param name="log">For pictures that break the decoder in ways we do not know.</param>
/// <param name="hooks">Tests only.</param>
internal sealed partial class DecodeStage(
    ImagingOptions options, IReadOnlyList<PixelSpec> specs, ByteBudget pixels, ILogger<DecodeStage> log, DecodeHooks? hooks = null)
{
    private readonly PictureReader _reader = new(options, specs, hooks?.ReadHeader ?? ImageHeader.Read);
    private readonly PoisonBudget _poison = new();

    /// <summary>Prepares one picture. The encoded body is given back as soon as the pixels are there, the pixels before returning.</summary>
    /// <param name="image">The fetched bytes; disposed on every path.</param>
    /// <param name="abort">Ends the wait for memory and the decode of large pictures.</param>
    /// <exception cref="InvalidOperationException">More pictures broke the decoder in unknown ways than <see cref="PoisonBudget"/> has room for.</exception>
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
            abort.ThrowIfCancellationRequested(); // the decoder was killed, the picture is not to blame
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
