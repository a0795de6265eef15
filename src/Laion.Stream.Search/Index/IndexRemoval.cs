using LaionStream.Dataset.Manifest;

namespace LaionStream.Search.Index;

/// <summary>Takes rows out of the index of an output, at once: no search that begins afterwards finds them.</summary>
/// <remarks>
/// <para>Call it after the output's own manifest line, in either of two ways. A part that is rewritten without the rows: <c>Remove(folder, old commit, positions,
/// new commit)</c>; segments go on serving the rows that are left. A part whose files stay as they are: <c>Remove(folder, commit, positions)</c>.</para>
/// <para>If the process ends between the two, nothing that was removed is found: the parts of an index are those of the output's manifest, and rows of a commit
/// that is no longer there are not. The same call again, which may be made any number of times, then saves the work of indexing the new part.</para>
/// <para>Works beside searches, which see it when they open the folder again (<see cref="VectorIndex.HasChanged"/>), and beside a build.</para>
/// </remarks>
public static class IndexRemoval
{
    /// <summary>Removes rows of a part.</summary>
    /// <param name="folder">The output.</param>
    /// <param name="commit">The part's commit.</param>
    /// <param name="positions">Positions in the part's files, ascending, without repeats. For a rewritten part: exactly those that the new one lacks.</param>
    /// <param name="replacedBy">The commit of the part that has the other rows, in the same order; null when the part was not rewritten.</param>
    /// <exception cref="ArgumentException">The positions are not ascending.</exception>
    /// <exception cref="InvalidDataException">The index's manifest is damaged.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Remove(string folder, long commit, IReadOnlyList<int> positions, long? replacedBy = null)
    {
        for (int i = 0; i < positions.Count; i++)
        {
            if (positions[i] <= (i == 0 ? -1 : positions[i - 1])) { throw new ArgumentException("The positions are not ascending.", nameof(positions)); }
        }

        var index = new IndexFolder(folder);
        IndexManifest manifest = index.Read();
        if (replacedBy is not null && manifest.End == 0) { return; } // no index: the new part is indexed as any other

        var removal = new RemovalEntry(commit, RowRanges.Format([.. positions])) { ReplacedBy = replacedBy };
        if (positions.Count == 0 || manifest.Removals.Contains(removal)) { return; }

        index.Append(new IndexLine { Removal = removal });
    }
}
