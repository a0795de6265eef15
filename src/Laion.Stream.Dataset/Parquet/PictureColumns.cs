using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Parquet;

/// <summary>Columns about a picture's file that a run may have or not.</summary>
/// <param name="Md5">Whether there is <c>md5</c>, which stands before <c>phash</c>; the others follow it.</param>
/// <param name="Sha256">Whether there is <c>sha256</c>.</param>
/// <param name="Sha512">Whether there is <c>sha512</c>.</param>
/// <param name="Exif">Whether there is <c>exif</c>.</param>
/// <param name="Rights">Whether there are <c>copyright</c>, <c>creator</c>, <c>web_statement</c> and <c>tdm_policy</c>.</param>
public sealed record PictureColumns(bool Md5 = true, bool Sha256 = false, bool Sha512 = false, bool Exif = false, bool Rights = false)
{
    /// <summary>Only <c>md5</c>: what a run has that asks for nothing else.</summary>
    public static PictureColumns Default { get; } = new();

    /// <summary>Names and values of those after <c>phash</c>, in order; each may be null.</summary>
    public IReadOnlyList<(string Name, Func<PictureFacts, string?> Of)> Columns { get; } =
    [
        .. Sha256 ? [("sha256", picture => picture.Sha256)] : Array.Empty<(string, Func<PictureFacts, string?>)>(),
        .. Sha512 ? [("sha512", picture => picture.Sha512)] : Array.Empty<(string, Func<PictureFacts, string?>)>(),
        .. Exif ? [("exif", picture => picture.Exif)] : Array.Empty<(string, Func<PictureFacts, string?>)>(),
        .. Rights
            ? [("copyright", picture => picture.Rights?.Copyright), ("creator", picture => picture.Rights?.Creator),
                ("web_statement", picture => picture.Rights?.WebStatement), ("tdm_policy", picture => picture.TdmPolicy)]
            : Array.Empty<(string, Func<PictureFacts, string?>)>(),
    ];

    /// <summary>Names of those after <c>phash</c>, in order.</summary>
    public IEnumerable<string> Names => Columns.Select(column => column.Name);
}
