using System.Buffers.Text;
using System.Globalization;
using System.Text;
using LaionStream.Explorer.Http;

namespace LaionStream.Explorer.Queries;

/// <summary>Where an answer ended, as opaque text: a place in the list of a search, or the number of the next row of a walk.</summary>
internal static class Cursor
{
    /// <summary>Writes a place.</summary>
    public static string Write(long place) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"p{place}")));

    /// <summary>Reads a place.</summary>
    /// <returns>0 for none.</returns>
    /// <exception cref="ApiException">It is not one of ours.</exception>
    public static long Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) { return 0; }
        Span<byte> bytes = stackalloc byte[32];
        return cursor.Length <= 40
            && Base64Url.IsValid(cursor)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out int length)
            && length > 1
            && bytes[0] == 'p'
            && long.TryParse(bytes[1..length], NumberStyles.None, CultureInfo.InvariantCulture, out long place)
                ? place
                : throw ApiException.Bad("The cursor is not one that this service gave.", "cursor");
    }
}
