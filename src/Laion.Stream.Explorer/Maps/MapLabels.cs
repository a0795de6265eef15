using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Maps;

/// <summary>Finds the dense regions of a map, and the words that tell the captions of each from the others'.</summary>
internal static class MapLabels
{
    private const int Cells = 40;
    private const int MostLabels = 36;
    private const int MostCaptions = 150; // that are read of a region
    private const int FewestPoints = 6;
    private const double LeastScore = 0.02; // a word that captions everywhere have says nothing
    private const double LeastShare = 0.12; // of a region's captions have its word

    /// <summary>Finds them.</summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="points">The points.</param>
    /// <param name="abort">Ends the work.</param>
    public static MapLabel[] Of(RowSnapshot rows, IReadOnlyList<MapPoint> points, CancellationToken abort)
    {
        ILookup<int, MapPoint> cells = points.ToLookup(point => CellOf(point.X) + (CellOf(point.Y) * Cells));
        int[] counts = [.. Enumerable.Range(0, Cells * Cells).Select(cell => cells[cell].Count())];
        Region[] regions =
        [
            .. Enumerable.Range(0, counts.Length).Where(cell => counts[cell] > 0 && IsPeak(counts, cell))
                .Select(cell => new Region(Around(cell).SelectMany(near => cells[near])))
                .Where(region => region.Points.Count >= FewestPoints).OrderByDescending(region => region.Points.Count).Take(MostLabels),
        ];
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        int captions = 0;
        foreach (Region region in regions)
        {
            abort.ThrowIfCancellationRequested();
            captions += region.Read(rows);
            foreach ((string word, int count) in region.Words) { all[word] = all.GetValueOrDefault(word) + count; }
        }

        return
        [
            .. regions.Select(region => (Region: region, Text: region.Name(all, captions))).Where(one => one.Text.Length > 0)
                .Select(one => one.Region.Label(one.Text)),
        ];
    }

    private static int CellOf(int place) => place * Cells / 65536;

    // Of the cells around it none has more points; of as many the first counts.
    private static bool IsPeak(int[] counts, int cell) =>
        Around(cell).All(near => counts[near] < counts[cell] || (counts[near] == counts[cell] && near >= cell));

    private static IEnumerable<int> Around(int cell)
    {
        for (int y = Math.Max(0, (cell / Cells) - 1); y <= Math.Min(Cells - 1, (cell / Cells) + 1); y++)
        {
            for (int x = Math.Max(0, (cell % Cells) - 1); x <= Math.Min(Cells - 1, (cell % Cells) + 1); x++) { yield return x + (y * Cells); }
        }
    }

    private sealed class Region(IEnumerable<MapPoint> points)
    {
        private int _captions;

        public IReadOnlyList<MapPoint> Points { get; } = [.. points];

        public Dictionary<string, int> Words { get; } = new(StringComparer.Ordinal);

        /// <summary>Counts the captions that have each word.</summary>
        public int Read(RowSnapshot rows)
        {
            int read = Math.Min(Points.Count, MostCaptions);
            var words = new HashSet<string>(StringComparer.Ordinal);
            for (int at = 0; at < read; at++)
            {
                if (rows.Find(Points[(int)((long)at * Points.Count / read)].Id) is not var (file, row)) { continue; }
                words.Clear();
                CaptionWords.Add(rows.Files[file].File.Caption(row), words);
                if (words.Count > 0) { _captions++; }
                foreach (string word in words) { Words[word] = Words.GetValueOrDefault(word) + 1; }
            }

            return _captions;
        }

        /// <summary>The one or two words that are more frequent here than elsewhere.</summary>
        public string Name(Dictionary<string, int> all, int captions)
        {
            double ScoreOf(string word, int count)
            {
                double share = count / (double)_captions;
                return share * Math.Log(share / (all[word] / (double)captions));
            }

            return string.Join(" · ", Words.Where(word => word.Value >= 2 && word.Value >= LeastShare * _captions)
                .Select(word => (word.Key, Score: ScoreOf(word.Key, word.Value))).Where(word => word.Score > LeastScore)
                .OrderByDescending(word => word.Score).ThenBy(word => word.Key, StringComparer.Ordinal).Take(2).Select(word => word.Key));
        }

        public MapLabel Label(string text) =>
            new((int)Points.Average(point => point.X), (int)Points.Average(point => point.Y), text, Points.Count, Points[Points.Count / 2].Id);
    }
}
