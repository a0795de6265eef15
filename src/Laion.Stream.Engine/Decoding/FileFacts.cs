using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Metadata;

namespace LaionStream.Engine.Decoding;

/// <summary>What the dataset records of a picture's file, apart from its pixels.</summary>
/// <param name="Md5">Lower-case hex MD5 of the bytes; null unless it is a column.</param>
/// <param name="Sha256">Lower-case hex SHA-256; null unless it is a column.</param>
/// <param name="Sha512">Lower-case hex SHA-512; null unless it is a column.</param>
/// <param name="Exif">The EXIF as JSON text; null when there is none, or it is no column.</param>
/// <param name="Rights">What the file says about its rights; null when it says nothing, or they are no columns.</param>
internal readonly record struct FileFacts(string? Md5, string? Sha256, string? Sha512, string? Exif, PictureRights? Rights)
{
    /// <summary>Takes them from a file whose header was found to be valid.</summary>
    /// <param name="image">The file.</param>
    /// <param name="columns">What is recorded: nothing else is computed.</param>
    public static FileFacts Of(FetchedImage image, PictureColumns columns) => new(
        columns.Md5 ? Convert.ToHexStringLower(image.Digests.Md5) : null,
        columns.Sha256 ? Convert.ToHexStringLower(image.Digests.Sha256) : null,
        columns.Sha512 ? Convert.ToHexStringLower(image.Digests.Sha512) : null,
        columns.Exif ? ExifText.Of(image.Body.Memory.Span) : null,
        columns.Rights ? RightsReader.Read(image.Body.Memory) : null);
}
