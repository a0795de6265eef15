using System.Globalization;
using System.Text;

namespace LaionStream.Host.Verbs;

/// <summary>Histograms for an overview: sets by language, similarity, picture size, licence.</summary>
internal sealed class RowHistograms
{
    private const int Bars = 40;
    private const int Most = 15;

    private readonly Dictionary<string, SortedDictionary<string, long>> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one row.</summary>
    public void Add(IEnumerable<KeyValuePair<string, object?>> row)
    {
        int width = 0;
        int height = 0;
        foreach ((string name, object? value) in row)
        {
            switch (name, value)
            {
                case ("LANGUAGE", string language): Count("language", language); break;
                case ("similarity", double similarity):
                    Count("similarity", (Math.Floor(similarity * 50) / 50)
                    .ToString("F2", CultureInfo.InvariantCulture)); break;
                case ("punsafe", float score): Count("punsafe", (MathF.Floor(score * 10) / 10).ToString("F1", CultureInfo.InvariantCulture)); break;
                case ("LICENSE", string licence): Count("licence", licence == "?" ? "none found" : licence); break;
                case ("WIDTH", int pixels): width = pixels; break;
                case ("HEIGHT", int pixels): height = pixels; break;
                default: break;
            }
        }

        if (width > 0 && height > 0)
        {
            Count("shorter side",
                Math.Min(width, height) switch
                {
                    < 128 => "below 128",
                    < 256 => "128 to 255",
                    < 512 => "256 to 511",
                    < 1024 => "512 to 1023",
                    _ => "from 1024"
                });
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((string name, SortedDictionary<string, long> counts) in _counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name}\n");
            long largest = counts.Values.Max();
            IEnumerable<KeyValuePair<string, long>> shown = counts.Count > Most
                && name is "language" or "licence" ? counts.OrderByDescending(pair => pair.Value).Take(Most) : counts;
            foreach ((string value, long count) in shown)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {value,-14}{count,10:N0} {new string('#', (int)Math.Ceiling(Bars * (double)count / largest))}\n");
            }
        }

        return text.ToString();
    }

    private void Count(string histogram, string value)
    {
        if (!_counts.TryGetValue(histogram, out SortedDictionary<string, long>? counts))
        {
            _counts[histogram] = counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        }
        counts[value] = counts.GetValueOrDefault(value) + 1;
    }
}
