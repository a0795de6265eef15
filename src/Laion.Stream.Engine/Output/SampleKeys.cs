using System.Globalization;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>
/// Keys of the samples of a set: part number, then place in the part, both padded with zeros, as img2dataset's
/// (<c>000120007</c> is the eighth sample of part 12 where parts have up to 10,000). Without a dot: readers take everything after the first dot of a name in a
/// tar as its extension.
/// </summary>
/// <param name="mostRows">Most rows of a part.</param>
internal sealed class SampleKeys(long mostRows)
{
    private readonly string _format =
        string.Create(CultureInfo.InvariantCulture, $"D{Math.Max(1, (mostRows - 1).ToString(CultureInfo.InvariantCulture).Length)}");

    /// <summary>The number of a part as text, which is also the name of its tar.</summary>
    public static string ShardOf(int part) => part.ToString(PartName.Digits, CultureInfo.InvariantCulture);

    /// <summary>The key of a row.</summary>
    /// <param name="part">The part's number.</param>
    /// <param name="place">The row's place in the part, from 0.</param>
    public string KeyOf(int part, long place) => ShardOf(part) + place.ToString(_format, CultureInfo.InvariantCulture);

    /// <summary>Numbers the rows of a part as they come.</summary>
    /// <param name="part">The part's number.</param>
    /// <returns>Gives the key of the next row at each call.</returns>
    public Func<string> Count(int part)
    {
        long place = 0;
        return () => KeyOf(part, place++);
    }
}
