using System.Buffers.Binary;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Mapping;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Maps;

/// <summary>Makes the answer out of a map and the rows that its points stand for.</summary>
internal static class MapDrawing
{
    private const int MostValues = 12; // colours that people tell apart are fewer
    private const double Outside = 0.002; // of the points may lie beyond what is shown: a few far ones would make the others small

    /// <summary>The points whose rows can be read, on the scale of answers.</summary>
    /// <param name="map">The map.</param>
    /// <param name="first">The number of the folder's first row.</param>
    /// <param name="rows">The snapshot.</param>
    /// <param name="hidesUnsafe">Whether unsafe rows are left out.</param>
    public static MapPoint[] Points(VectorMap map, long first, RowSnapshot rows, bool hidesUnsafe)
    {
        (float left, float bottom, float scale) = Frame(map);
        var points = new List<MapPoint>(map.Rows.Count);
        for (int at = 0; at < map.Rows.Count; at++)
        {
            if (rows.Find(first + map.Rows[at]) is not var (file, row) || (hidesUnsafe && IsUnsafe(rows.Files[file].File, row))) { continue; }
            points.Add(new MapPoint(first + map.Rows[at], file, row, Place(map.Places[at * 2], left, scale), Place(map.Places[(at * 2) + 1], bottom, scale)));
        }

        return [.. points];
    }

    /// <summary>Makes the answer.</summary>
    /// <param name="rows">The snapshot.</param>
    /// <param name="points">The points.</param>
    /// <param name="abort">Ends the work.</param>
    public static MapAnswer Of(RowSnapshot rows, MapPoint[] points, CancellationToken abort) => new()
    {
        Maps = [],
        Ids = Array.ConvertAll(points, point => point.Id),
        X = Bytes(points, point => point.X),
        Y = Bytes(points, point => point.Y),
        Unsafe = Array.ConvertAll(points, point => (byte)(IsUnsafe(rows.Files[point.File].File, point.Row) ? 1 : 0)),
        Groups = [Group("set", RowText.Set, rows, points), Group("language", RowText.Language, rows, points), Group("domain", RowText.Domain, rows, points)],
        Scores =
        [
            .. rows.Files.SelectMany(file => file.File.Scores).Distinct(StringComparer.Ordinal).Select(name => Score(name, rows, points)).OfType<MapScore>(),
        ],
        Labels = MapLabels.Of(rows, points, abort),
    };

    private static bool IsUnsafe(RowFile file, int row)
    {
        RowTexts texts = file.Texts(RowText.Nsfw);
        int place = texts.Count > 0 ? file.Places(RowText.Nsfw)[row] : -1;
        string tag = place >= 0 && place < texts.Count ? texts[place] : "";
        ReadOnlySpan<float> scores = file.Score("punsafe");
        return RowFilter.IsUnsafe(tag, scores.IsEmpty ? float.NaN : scores[row]);
    }

    // One scale for both axes: what is round on the map is round on the page.
    private static (float Left, float Bottom, float Scale) Frame(VectorMap map)
    {
        (float left, float right) = Ends(map, 0);
        (float bottom, float top) = Ends(map, 1);
        float size = Math.Max(Math.Max(right - left, top - bottom), 1e-6f) * 1.04f;
        return (((left + right) / 2) - (size / 2), ((bottom + top) / 2) - (size / 2), 65535 / size);
    }

    private static (float, float) Ends(VectorMap map, int axis)
    {
        float[] sorted = [.. Enumerable.Range(0, map.Rows.Count).Select(at => map.Places[(at * 2) + axis]).Order()];
        int beyond = (int)(sorted.Length * Outside);
        return sorted.Length == 0 ? (0, 0) : (sorted[beyond], sorted[^(beyond + 1)]);
    }

    private static int Place(float place, float from, float scale) => Math.Clamp((int)((place - from) * scale), 0, 65535);

    private static byte[] Bytes(MapPoint[] points, Func<MapPoint, int> of)
    {
        var bytes = new byte[points.Length * 2];
        for (int at = 0; at < points.Length; at++) { BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at * 2), (ushort)of(points[at])); }
        return bytes;
    }

    private static MapGroups Group(string name, RowText column, RowSnapshot rows, MapPoint[] points)
    {
        // Texts of one file by their places, so that each is read once and not for each point.
        Dictionary<int, string[]> texts = points.Select(point => point.File).Distinct()
            .ToDictionary(file => file, file => TextsOf(rows.Files[file].File, column));
        string TextOf(MapPoint point)
        {
            int place = rows.Files[point.File].File.Places(column)[point.Row];
            return place >= 0 && place < texts[point.File].Length ? texts[point.File][place] : "";
        }

        (string Value, int Count)[] most =
        [
            .. points.Select(TextOf).Where(text => text.Length > 0).CountBy(text => text, StringComparer.Ordinal)
                .OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(MostValues).Select(one => (one.Key, one.Value)),
        ];
        var places = most.Select((one, place) => (one.Value, place)).ToDictionary(one => one.Value, one => (byte)one.place, StringComparer.Ordinal);
        byte[] of = Array.ConvertAll(points, point => places.GetValueOrDefault(TextOf(point), byte.MaxValue));
        return new MapGroups(name, [.. most.Select(one => one.Value)], [.. most.Select(one => one.Count)], of);
    }

    private static string[] TextsOf(RowFile file, RowText column)
    {
        RowTexts texts = file.Texts(column);
        var all = new string[texts.Count];
        for (int place = 0; place < all.Length; place++) { all[place] = texts[place]; }
        return all;
    }

    private static MapScore? Score(string name, RowSnapshot rows, MapPoint[] points)
    {
        float[] scores = Array.ConvertAll(points, point => rows.Files[point.File].File.Score(name) is { IsEmpty: false } of ? of[point.Row] : float.NaN);
        float[] finite = [.. scores.Where(float.IsFinite)];
        if (finite.Length == 0) { return null; }
        (float min, float max) = (finite.Min(), finite.Max());
        float scale = max > min ? 254 / (max - min) : 0;
        return new MapScore(name, min, max, Array.ConvertAll(scores, score => float.IsFinite(score) ? (byte)(1 + Math.Round((score - min) * scale)) : (byte)0));
    }
}
