using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Dataset.Removal;

/// <summary>
/// Digests of what was removed from an output, in three files below <c>state/</c>, a line each. They name nothing that was removed, and tell the same rows
/// again: in what a run meets later, and in what was made from the output.
/// </summary>
public static class RemovedDigests
{
    /// <summary>SHA-256 of addresses; a run reads it as a block list.</summary>
    public const string UrlsName = "removed-urls.txt";

    /// <summary>MD5 of pictures, SHA-256 in an output without MD5; a run reads it as a block list.</summary>
    public const string PicturesName = "removed-pictures.txt";

    /// <summary>SHA-256 of the decimal text of each row's <c>hash</c>.</summary>
    public const string RowsName = "removed-rows.txt";

    /// <summary>
    /// How the first line of the rows begins where an earlier version, which listed none, had removed some: the number of addresses that it listed follows.
    /// </summary>
    public const string WithoutRowStart = "# addresses without a row: ";

    /// <summary>The line of an address.</summary>
    public static string OfUrl(string url) => Of(url);

    /// <summary>The line of a row.</summary>
    /// <param name="hash">Its <c>hash</c>.</param>
    public static string OfRow(long hash) => Of(hash.ToString(CultureInfo.InvariantCulture));

    private static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
