using System.Security.Cryptography;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Metadata;

namespace LaionStream.Engine.Decoding;

/// <summary>What the dataset records of a picture's file, apart from its pixels.</summary>
/// <param name="Md5">Lower-case hex MD5 of the bytes.</param>
/// <param name="Sha256">Lower-case hex SHA-256; null unless it is a column.</param>
/// <param name="Sha512">Lower-case hex SHA-512; null unless it is a column.</param>
/// <param name="Exif">The EXIF as JSON text; null when there is none, or it is no column.</param>
/// <param name="Rights">What the file says about its rights; null when it says nothing, or they are no columns.</param>
internal readonly record struct FileFacts(string Md5, string? Sha256, string? Sha512, string? Exif, PictureRights? Rights)
{
    /// <summary>Takes them from a file whose header was found to be valid.</summary>
    /// <param name="body">The file.</param>
    /// <param name="columns">What is recorded.</param>
    public static FileFacts Of(ReadOnlyMemory<byte> body, PictureColumns columns) => new(
        Convert.ToHexStringLower(MD5.HashData(body.Span)),
        columns.Sha256 ? Convert.ToHexStringLower(SHA256.HashData(body.Span)) : null,
        columns.Sha512 ? Convert.ToHexStringLower(SHA512.HashData(body.Span)) : null,
        columns.Exif ? ExifText.Of(body.Span) : null,
        columns.Rights ? RightsReader.Read(body) : null);
}
