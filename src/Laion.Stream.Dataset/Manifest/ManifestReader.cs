namespace LaionStream.Dataset.Manifest;

/// <summary>Reads <c>state/manifest.jsonl</c>.</summary>
public static class ManifestReader
{
    /// <summary>Reads lines. A last line without its line end is a commit that did not happen.</summary>
    /// <param name="path">The manifest; a missing one has no lines.</param>
    /// <param name="from">Start offset: the start of a line.</param>
    /// <param name="to">End offset: the end of a line; by default the file's.</param>
    /// <exception cref="InvalidDataException">A line is broken; the message has its offset.</exception>
    public static IEnumerable<ManifestEntry> Read(string path, long from = 0, long to = long.MaxValue) => ReadPlaced(path, from, to).Select(line => line.Entry);

    /// <summary>Reads the commits that are valid now, in the order of their lines: without those that another replaces, and without those of which nothing is left.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<ManifestEntry> ReadCurrent(string path) => ReadJudged(path).Where(line => line.IsCurrent).Select(line => line.Entry);

    /// <summary>Reads all commits, each with whether it is valid now, as they were at one moment: a line that is appended meanwhile is left out.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<(ManifestEntry Entry, bool IsCurrent)> ReadJudged(string path)
    {
        long last = -1;
        var replaced = new HashSet<long>();
        foreach ((long at, ManifestEntry entry) in ReadPlaced(path))
        {
            last = at;
            if (entry.Replaces is { } old) { replaced.Add(old); }
        }

        return ReadPlaced(path, to: last + 1).Select(line => (line.Entry, line.Entry.Files.Count > 0 && !replaced.Contains(line.Entry.Commit)));
    }

    /// <summary>Reads lines with the offset of each, in bytes from the start of the file.</summary>
    /// <inheritdoc cref="Read"/>
    public static IEnumerable<(long At, ManifestEntry Entry)> ReadPlaced(string path, long from = 0, long to = long.MaxValue)
    {
        if (!File.Exists(path)) { yield break; }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        file.Position = from;
        byte[] buffer = new byte[1 << 16];
        int filled = 0;
        for (long at = from; at < to;)
        {
            int end = buffer.AsSpan(0, filled).IndexOf((byte)'\n');
            if (end < 0)
            {
                if (filled == buffer.Length) { Array.Resize(ref buffer, buffer.Length * 2); }
                int read = file.Read(buffer, filled, buffer.Length - filled);
                if (read == 0) { yield break; }
                filled += read;
                continue;
            }

            yield return (at, ManifestEntry.Parse(buffer.AsSpan(0, end)) ?? throw new InvalidDataException($"'{path}' is damaged at byte {at}."));
            buffer.AsSpan(end + 1, filled - end - 1).CopyTo(buffer);
            filled -= end + 1;
            at += end + 1;
        }
    }
}
