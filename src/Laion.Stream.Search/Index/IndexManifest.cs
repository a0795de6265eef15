namespace LaionStream.Search.Index;

/// <summary>What <c>index/manifest.jsonl</c> says: the segments in force, the removed rows, and the maps.</summary>
internal sealed class IndexManifest
{
    private readonly List<SegmentEntry> _segments = [];
    private readonly List<RemovalEntry> _removals = [];
    private readonly Dictionary<VectorKind, MapEntry> _maps = [];

    /// <summary>The segments in force, those of earlier rows first.</summary>
    public IReadOnlyList<SegmentEntry> Segments => _segments;

    /// <summary>The removals, in the order in which they were made.</summary>
    public IReadOnlyList<RemovalEntry> Removals => _removals;

    /// <summary>The last map of each kind.</summary>
    public IReadOnlyDictionary<VectorKind, MapEntry> Maps => _maps;

    /// <summary>The number of the next segment.</summary>
    public int NextNumber { get; private set; } = 1;

    /// <summary>The end of the last complete line, in bytes from the start of the file: what is behind it was never written whole.</summary>
    public long End { get; private set; }

    /// <summary>Reads the manifest of a folder's index. One that is missing says nothing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">A line is damaged; the message has its offset and what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IndexManifest Read(string path)
    {
        var manifest = new IndexManifest();
        if (!File.Exists(path)) { return manifest; }

        ReadOnlySpan<byte> bytes = ReadAll(path);
        while (bytes[(int)manifest.End..] is var rest && rest.IndexOf((byte)'\n') is >= 0 and int length)
        {
            if (IndexLine.Parse(rest[..length]) is not { } line || !manifest.Take(line))
            {
                throw new InvalidDataException(
                    $"'{path}' is damaged at byte {manifest.End}. The index can be built again: delete the '*.usearch' files and 'manifest.jsonl' in that folder, then index.");
            }

            manifest.End += length + 1;
        }

        return manifest;
    }

    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] bytes = new byte[checked((int)file.Length)];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false); // a torn last line may be cut off meanwhile
        return bytes[..read];
    }

    private bool Take(IndexLine line)
    {
        if (line.Removal is { } removal) { _removals.Add(removal); }
        if (line.Map is { } map) { _maps[map.Kind] = map; }
        int at = _segments.Count;
        foreach (int number in line.Retired ?? line.Segment?.Replaces ?? [])
        {
            int found = _segments.FindIndex(other => other.Number == number);
            if (found < 0) { return false; }

            _segments.RemoveAt(found);
            at = Math.Min(at, found); // a segment takes the place of the first that it replaces
        }

        if (line.Segment is not { } segment) { return true; }
        if (segment.Number < NextNumber) { return false; }

        NextNumber = segment.Number + 1;
        _segments.Insert(Math.Min(at, _segments.Count), segment);
        return true;
    }
}
