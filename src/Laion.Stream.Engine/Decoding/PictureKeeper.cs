using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Digests;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding;

/// <summary>Keeps what the output stores of a picture, with the budget bytes that it occupies.</summary>
/// <param name="kind">What is stored.</param>
/// <param name="options">How resized pictures are made.</param>
/// <param name="columns">What is recorded of a picture's file; null for what is recorded by default.</param>
internal sealed class PictureKeeper(KeptPictures kind, ResizeOptions options, PictureColumns? columns = null)
{
    private readonly PictureColumns _columns = columns ?? PictureColumns.Default;
    private readonly WaitingDigests? _waiting = columns is { Md5: true } ? new WaitingDigests() : null;

    /// <summary>Keeps nothing.</summary>
    public static PictureKeeper None { get; } = new(KeptPictures.None, new ResizeOptions());

    /// <summary>Whether the output stores pictures: the body, or its lease, is then needed after the decode.</summary>
    public bool KeepsAny => kind != KeptPictures.None;

    /// <summary>How the picture to store is made from the pixels; null when it is not made from them.</summary>
    public ResizeOptions? Resize => kind == KeptPictures.Resized ? options : null;

    /// <summary>Says that a picture will be decoded: digests that its row needs may be computed together with those of others that wait.</summary>
    public void Expect(FetchedImage image)
    {
        if (_waiting is not null) { image.Digests.WaitIn(_waiting); }
    }

    /// <summary>What is recorded of a picture's file, whose bytes are not returned yet.</summary>
    public FileFacts FactsOf(FetchedImage image) => FileFacts.Of(image, _columns);

    /// <summary>Joins a fetched picture with its prepared form.</summary>
    /// <param name="image">The fetched picture. Its bytes or its lease go to the result if the output stores pictures.</param>
    /// <param name="picture">Its prepared form; owned by the result.</param>
    /// <param name="file">What is recorded of the fetched bytes.</param>
    /// <param name="pixels">The lease of its pixels, which are gone: goes to the result as far as the stored picture needs it, and is disposed
    /// otherwise.</param>
    public PreparedImage Join(FetchedImage image, ReadPicture picture, in FileFacts file, ByteLease pixels)
    {
        StoredPicture? stored = Keep(image, picture, pixels);
        if (stored?.Owner is not StoredLease) { pixels.Dispose(); }
        var facts = new PictureFacts(picture.Width, picture.Height, file.Md5, picture.PHash)
        {
            Sha256 = file.Sha256,
            Sha512 = file.Sha512,
            Exif = file.Exif,
            Rights = file.Rights,
            TdmPolicy = image.Fetch.TdmPolicy,
        };
        return new PreparedImage(image.Candidate, image.Fetch, facts, picture.Inputs, stored);
    }

    private StoredPicture? Keep(FetchedImage image, ReadPicture picture, ByteLease pixels)
    {
        if (picture.Stored is { } made)
        {
            return new StoredPicture(made.Bytes, options.Extension, made.Width, made.Height,
                new StoredLease(image.Body.ReturnBuffer(), pixels, made.Bytes.Length));
        }

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
