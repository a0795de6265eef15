using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding;

/// <summary>Keeps what the output stores of a picture, with the budget bytes that it occupies.</summary>
/// <param name="kind">What is stored.</param>
/// <param name="options">How resized pictures are made.</param>
internal sealed class PictureKeeper(KeptPictures kind, ResizeOptions options)
{
    /// <summary>Keeps nothing.</summary>
    public static PictureKeeper None { get; } = new(KeptPictures.None, new ResizeOptions());

    /// <summary>Whether the output stores pictures: the body, or its lease, is then needed after the decode.</summary>
    public bool KeepsAny => kind != KeptPictures.None;

    /// <summary>How the picture to store is made from the pixels; null when it is not made from them.</summary>
    public ResizeOptions? Resize => kind == KeptPictures.Resized ? options : null;

    /// <summary>Joins a fetched picture with its prepared form.</summary>
    /// <param name="image">The fetched picture. Its bytes or its lease go to the result if the output stores pictures.</param>
    /// <param name="picture">Its prepared form; owned by the result, or disposed.</param>
    /// <param name="md5">Hex MD5 of the fetched bytes.</param>
    /// <param name="abort">Cancels the wait for budget bytes when the stored file is larger than the fetched one.</param>
    public async ValueTask<PreparedImage> JoinAsync(FetchedImage image, ReadPicture picture, string md5, CancellationToken abort)
    {
        StoredPicture? stored = Keep(image, picture);
        var prepared = new PreparedImage(image.Candidate, image.Fetch, new PictureFacts(picture.Width, picture.Height, md5, picture.PHash), picture.Inputs, stored);
        try
        {
            // Up to here a newly encoded file was covered by its body's lease, which is now resized to the bytes that remain.
            if (stored?.Owner is ByteLease lease) { await lease.ResizeAsync(stored.Bytes.Length, abort); }
            return prepared;
        }
        catch (OperationCanceledException)
        {
            prepared.Dispose();
            stored?.Dispose();
            throw;
        }
    }

    private StoredPicture? Keep(FetchedImage image, ReadPicture picture)
    {
        if (picture.Stored is { } made) { return new StoredPicture(made.Bytes, options.Extension, made.Width, made.Height, image.Body.ReturnBuffer()); }
        if (kind != KeptPictures.Original) { return null; }

        PooledBody body = image.Body.Move();
        return new StoredPicture(body.Memory, ExtensionOf(ImageSignature.Of(body.Memory.Span)), picture.Width, picture.Height, body);
    }

    private static string ExtensionOf(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpg",
        _ => format.ToString().ToLowerInvariant(), // png, webp, gif, tiff, avif, heic
    };
}
