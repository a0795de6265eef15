namespace LaionStream.Search.Rows;

/// <summary>
/// Numbers of rows of several folders: the folder's place times ten thousand million plus the row's number in the folder. A folder that grows changes no number
/// of another's rows, the numbers of the first folder are those that it has alone, and all are below 2^53, which JavaScript reads exactly.
/// </summary>
public static class RowIds
{
    /// <summary>Numbers that each folder has.</summary>
    public const long Each = 10_000_000_000;

    /// <summary>Most folders.</summary>
    public const int MostFolders = 1000;

    /// <summary>The number of the first row of a folder.</summary>
    /// <param name="folder">Its place, from 0.</param>
    public static long First(int folder) => folder * Each;

    /// <summary>Refuses a folder whose rows' numbers would be those of the next folder.</summary>
    /// <param name="folder">The folder, for the message.</param>
    /// <param name="end">The number in the folder after its last row's.</param>
    /// <exception cref="InvalidDataException">It has more rows than a folder has numbers.</exception>
    public static void Check(string folder, long end)
    {
        if (end <= Each) { return; }
        throw new InvalidDataException(
            FormattableString.Invariant(
                $"'{folder}' has rows up to number {end - 1}, and only those below {Each} can be served: make a subset of it, or several, and serve those."));
    }

    /// <summary>The place of a row's folder; meaningless for a negative number.</summary>
    /// <param name="id">The row's number.</param>
    public static long FolderOf(long id) => id / Each;
}
