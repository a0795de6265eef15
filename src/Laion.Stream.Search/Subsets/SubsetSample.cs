using System.Globalization;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>How many rows are taken at random: a number, or a share. The same rows are taken from the same inputs on every machine.</summary>
/// <param name="Rows">A number of rows; null for a share.</param>
/// <param name="Percent">A share, above 0 and at most 100 percent; 0 for a number.</param>
public sealed record SubsetSample(long? Rows, decimal Percent)
{
    /// <summary>Reads <c>1000</c> or <c>2.5%</c>.</summary>
    /// <exception cref="RequestException">It is neither.</exception>
    public static SubsetSample Parse(string text)
    {
        bool isShare = text.EndsWith('%');
        if (isShare && decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent) && percent is > 0 and <= 100)
        {
            return new SubsetSample(null, percent);
        }

        return !isShare && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long rows) && rows > 0
            ? new SubsetSample(rows, 0)
            : throw new RequestException($"--sample {text}: it is a number of rows above 0, or a share like 2.5% of at most 100%");
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        Rows is { } rows ? SqlText.Number(rows) : string.Create(CultureInfo.InvariantCulture, $"{Percent}%");
}
