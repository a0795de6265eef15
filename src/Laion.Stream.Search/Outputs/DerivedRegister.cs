using System.Text;
using LaionStream.Dataset.Disk;

namespace LaionStream.Search.Outputs;

/// <summary>
/// Knows what was made of an output by <c>subset</c> and <c>merge</c>, so that <c>remove</c> finds it: a list beside the output's manifest, and beside a subset
/// that is a file. A line is written before what it names becomes visible.
/// </summary>
internal static class DerivedRegister
{
    /// <summary>How the manifest beside a subset is named.</summary>
    public const string ManifestEnd = ".subset.json";

    private const string ListEnd = ".derived.jsonl";
    private const int MostLevels = 5; // from a file of a part up to its output: the deepest is en/embeddings/metadata/x.parquet
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30); // a line takes milliseconds

    /// <summary>Notes with each input what is made of it.</summary>
    /// <param name="inputs">The inputs; those that belong to no output and are no subset are passed over: nothing is ever removed from them.</param>
    /// <param name="output">What is made, absolute.</param>
    /// <returns>Lists that could not be written, each with the reason: <c>remove</c> will not find the output through them.</returns>
    public static IReadOnlyList<string> Add(IEnumerable<RowsInput> inputs, string output)
    {
        var failed = new List<string>();
        foreach (string list in inputs.SelectMany(ListsOf).Distinct(StringComparer.Ordinal))
        {
            try
            {
                Append(list, output);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed.Add($"'{list}': {e.Message}");
            }
        }

        return failed;
    }

    /// <summary>What was made of an output or of a subset.</summary>
    /// <param name="path">An output folder, or one like it, or a file.</param>
    /// <returns>The path of each, once: as it was written, or where it would be now if it was moved together with the output.</returns>
    /// <exception cref="IOException">The list cannot be read.</exception>
    public static IReadOnlyList<string> Of(string path)
    {
        string list = Directory.Exists(path) ? Path.Combine(path, "state", "derived.jsonl") : path + ListEnd;
        return File.Exists(list) ? [.. Read(list).Select(made => Find(made, path)).Distinct(StringComparer.Ordinal)] : [];
    }

    private static string Find(MadeOf made, string path)
    {
        string moved = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))!, made.Relative));
        return Path.Exists(made.Path) || !Path.Exists(moved) ? made.Path : moved;
    }

    private static IEnumerable<string> ListsOf(RowsInput input) =>
        input.Files.Select(file => file.Part?.Folder is { } folder ? ListOf(folder) : ListOfFile(file.Path)).OfType<string>();

    private static string ListOf(string folder) => Path.Combine(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), "state", "derived.jsonl");

    private static string? ListOfFile(string file)
    {
        if (File.Exists(file + ManifestEnd)) { return file + ListEnd; }

        string? folder = Path.GetDirectoryName(file);
        for (int level = 0; level < MostLevels && folder is not null; level++, folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "state", "manifest.jsonl"))) { return ListOf(folder); }
        }

        return null;
    }

    private static IEnumerable<MadeOf> Read(string list) => File.ReadLines(list).Select(MadeOf.Parse).OfType<MadeOf>();

    private static void Append(string list, string output)
    {
        bool isNew = !File.Exists(list);
        using (FileStream file = Open(list))
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            if (Encoding.UTF8.GetString(bytes).Split('\n').Select(MadeOf.Parse).Any(made => made?.Path == output)) { return; }

            // A list of an output lies in its folder state, one of a file beside the file: paths are relative to what the output or the file lies in.
            string owner = list.EndsWith(ListEnd, StringComparison.Ordinal) ? list : Path.GetDirectoryName(Path.GetDirectoryName(list))!;
            if (bytes.Length > 0 && bytes[^1] != '\n') { file.Write("\n"u8); } // what a crash left of a line names nothing
            file.Write(new MadeOf(TimeProvider.System.GetUtcNow(), output, Path.GetRelativePath(Path.GetDirectoryName(owner)!, output)).ToBytes());
            file.Flush(flushToDisk: true);
        }

        if (isNew) { FolderFlush.Names(Path.GetDirectoryName(list)!); }
    }

    private static FileStream Open(string list)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(list, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(list) && Environment.TickCount64 - start < LongestWait.TotalMilliseconds)
            {
                Thread.Sleep(20); // another process writes its line
            }
        }
    }
}
