using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Rows;

namespace LaionStream.Search.Removal;

/// <summary>What was derived from an output's parts, below <c>index/</c>, and still holds the rows of parts that are no more.</summary>
public static class DerivedFiles
{
    private const string Folder = "index/rows";
    private const string ListName = "rows.jsonl";

    /// <summary>Deletes the row files of parts that were replaced. A process that has one open goes on with it until it looks for new parts.</summary>
    /// <param name="output">The output folder.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="InvalidDataException">The folder is not the output of a run.</exception>
    public static int DeleteOfGoneParts(string output)
    {
        string list = Path.Combine(output, Folder, ListName);
        if (!File.Exists(list)) { return 0; }

        HashSet<(long, string)> current = [.. OutputFolder.Parts(output).Select(part => (part.Entry.Commit, part.Entry.FileOf(FileRole.Rows)!.Sha256))];
        ILookup<bool, string> files = File.ReadLines(list).Select(Parse).OfType<RowFileEntry>()
            .ToLookup(entry => current.Contains((entry.Commit, entry.Source)), entry => Path.Combine(output, Folder, Path.GetFileName(entry.File)));
        string[] gone = [.. files[false].Except(files[true]).Where(File.Exists)];
        foreach (string path in gone) { File.Delete(path); }
        return gone.Length;
    }

    // A line that a crash tore names a file without a list entry, which the store makes again under the same name.
    private static RowFileEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RowsJson.Default.RowFileEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
