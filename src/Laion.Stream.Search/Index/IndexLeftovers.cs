namespace LaionStream.Search.Index;

/// <summary>
/// Tells which segments still hold vectors of rows that were removed. No search returns them; <c>index --compact</c> builds such segments again.
/// </summary>
public static class IndexLeftovers
{
    /// <summary>Counts them.</summary>
    /// <param name="folder">An output.</param>
    /// <returns>How many segments, how many removed rows they hold, and of which kinds they are; zeros without an index.</returns>
    /// <exception cref="InvalidDataException">The index's manifest or a file of vectors is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (int Segments, long Rows, IReadOnlyList<VectorKind> Kinds) Of(string folder)
    {
        int segments = 0;
        long rows = 0;
        var kinds = new List<VectorKind>();
        foreach (VectorKind kind in new IndexFolder(folder).Read().Segments.Select(segment => segment.Kind).Distinct())
        {
            using FolderIndex index = FolderIndex.Open(folder, kind, 0);
            foreach (long dead in index.Keys.Select(pair => pair.Entry.Rows - pair.Entry.Removed - pair.Keys.Alive).Where(dead => dead > 0))
            {
                (segments, rows) = (segments + 1, rows + dead);
                if (!kinds.Contains(kind)) { kinds.Add(kind); }
            }
        }

        return (segments, rows, kinds);
    }
}
