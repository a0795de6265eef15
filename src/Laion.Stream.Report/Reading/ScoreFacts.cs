namespace LaionStream.Report.Reading;

/// <summary>The values of one score column, in bins of 0.05 for scores that lie in 0..1, and of 0.25 for others.</summary>
internal sealed class ScoreFacts
{
    private readonly List<float> _values = [];

    /// <summary>Rows with this score.</summary>
    public int Rows => _values.Count;

    /// <summary>Width of a bin.</summary>
    public double Width => _values.Exists(value => value is < 0 or > 1) ? 0.25 : 0.05;

    /// <summary>Adds a value.</summary>
    public void Add(float value) => _values.Add(value);

    /// <summary>The bins, from the lowest to the highest that has rows: lower end and rows.</summary>
    public IReadOnlyList<(double From, long Rows)> Bins()
    {
        double width = Width;
        var counts = new SortedDictionary<int, long>();
        foreach (float value in _values)
        {
            int bin = (int)Math.Floor(Math.Clamp(value, -1_000, 1_000) / width);
            if (width < 0.1) { bin = Math.Min(bin, (int)Math.Round(1 / width) - 1); } // 1 lies in the last bin
            counts[bin] = counts.GetValueOrDefault(bin) + 1;
        }

        return counts.Count == 0
            ? []
            : [.. Enumerable.Range(counts.First().Key, counts.Last().Key - counts.First().Key + 1).Select(bin => (bin * width, counts.GetValueOrDefault(bin)))];
    }
}
