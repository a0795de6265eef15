using System.Text;
using LaionStream.Engine.Inputs.Records;

namespace LaionStream.Engine.Inputs.Pages;

/// <summary>
/// The address of a page as WAT and WARC files write it, one rule for both: wget and other writers enclose it in angle brackets (as WARC 1.0 shows it).
/// </summary>
internal static class PageAddress
{
    /// <summary>The value of <c>WARC-Target-URI</c> without brackets and the spaces around them.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> value) => value.Trim().Trim("<>").Trim();

    /// <summary>The address in a record's own header; empty when there is none.</summary>
    public static string Of(ReadOnlySpan<byte> header)
    {
        RecordHeader.TryFind(header, "warc-target-uri"u8, out ReadOnlySpan<byte> value);
        return Of(Encoding.UTF8.GetString(value)).ToString();
    }
}
