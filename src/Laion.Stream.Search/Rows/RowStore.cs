using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Rows;

/// <summary>
/// The rows of an output, or of a folder of embeddings with metadata, in a form that scattered rows, predicates and counts read without decoding Parquet: <c>index/rows</c> in the output, a file per part.
/// It is derived from the parts and can be deleted; what is missing or damaged is made again. One process writes at a time, any number read.
/// </summary>
/// <remarks>
/// A file is written under a temp name, flushed and renamed, then its line is appended to <c>rows.jsonl</c>: without the line it is made again.
/// </remarks>
public sealed class RowStore : IDisposable
{
    private const string ListName = "rows.jsonl";
    private static long _versions;

    private readonly string _output;
    private readonly string _folder;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _building = new(1, 1);
    private readonly Dictionary<string, RowFile> _open = new(StringComparer.Ordinal);
    private RowSnapshot _now = new([], 0);

    private RowStore(string output, string folder) => (_output, _folder) = (output, folder);

    /// <summary>Opens the store of an output with the files that it has by now; <see cref="RefreshAsync"/> makes the others.</summary>
    /// <param name="output">The output folder, or one of embeddings by clip-retrieval or autofaiss.</param>
    /// <param name="folder">Where the files are; null for <c>index/rows</c> in the output.</param>
    /// <exception cref="InvalidDataException">The folder is neither, or has more rows than a folder has numbers (<see cref="RowIds"/>).</exception>
    public static RowStore Open(string output, string? folder = null)
    {
        var store = new RowStore(output, folder ?? Path.Combine(output, "index", "rows"));
        store.Publish(store.Listed(), store.Parts());
        return store;
    }

    /// <summary>The rows as they are known now; the caller disposes it.</summary>
    public RowSnapshot Acquire()
    {
        lock (_lock) { return _now.Again(); }
    }

    /// <summary>Makes the files of parts that were committed since, and forgets those of parts that are gone. Readers see each part as it is added.</summary>
    /// <param name="abort">Ends the work; what is finished stays.</param>
    /// <returns>Whether the rows changed.</returns>
    /// <exception cref="IOException">The store cannot be written.</exception>
    /// <exception cref="InvalidDataException">The manifest or a part is damaged; the other parts' files were made.</exception>
    public async Task<bool> RefreshAsync(CancellationToken abort)
    {
        await _building.WaitAsync(abort);
        try
        {
            OutputPart[] parts = Parts();
            Dictionary<string, RowFileEntry> listed = Listed();
            bool changed = Publish(listed, parts);
            OutputPart[] missing = [.. parts.Where(part => !_open.ContainsKey(Key(part)) && part.PathOf(FileRole.Rows) is not null)];
            if (missing.Length == 0) { return changed; }

            Directory.CreateDirectory(_folder);
            await using FileStream only = new(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            listed = Listed(); // another process may have made some meanwhile
            InvalidDataException? damage = null;
            foreach (OutputPart part in missing)
            {
                try
                {
                    if (!listed.TryGetValue(Key(part), out RowFileEntry? entry) || !IsOpenable(entry)) { listed[Key(part)] = await MakeAsync(part, abort); }
                    changed |= Publish(listed, parts);
                }
                catch (InvalidDataException e)
                {
                    damage ??= e; // a damaged part hides no other
                }
            }

            return damage is null ? changed : throw damage;
        }
        finally
        {
            _building.Release();
        }
    }

    /// <summary>Reads every file whole and removes those whose bytes are not those that were written; <see cref="RefreshAsync"/> makes them again.</summary>
    /// <param name="abort">Ends the work.</param>
    /// <returns>Names of the removed files.</returns>
    public async Task<IReadOnlyList<string>> VerifyAsync(CancellationToken abort)
    {
        await _building.WaitAsync(abort);
        try
        {
            var damaged = new List<string>();
            foreach ((string key, RowFileEntry entry) in Listed())
            {
                abort.ThrowIfCancellationRequested();
                string path = Path.Combine(_folder, entry.File);
                if (!File.Exists(path) || await Task.Run(() => RowFile.IsWhole(path, entry), abort)) { continue; }

                damaged.Add(entry.File);
                File.Delete(path);
                lock (_lock)
                {
                    if (_open.Remove(key, out RowFile? file)) { file.Leave(); }
                }
            }

            return damaged;
        }
        finally
        {
            _building.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _now.Dispose();
            _now = new RowSnapshot([], 0);
            foreach (RowFile file in _open.Values) { file.Leave(); }
            _open.Clear();
        }

        _building.Dispose();
    }

    /// <summary>A number that no other state of any rows has.</summary>
    internal static long NextVersion() => Interlocked.Increment(ref _versions);

    private OutputPart[] Parts()
    {
        OutputPart[] parts =
            File.Exists(Path.Combine(_output, "state", "manifest.jsonl")) ? [.. OutputFolder.Parts(_output)] : EmbeddingsParts.Of(_output);
        RowIds.Check(_output, parts.Select(part => part.FirstRow + part.Entry.Rows).DefaultIfEmpty().Max());
        return parts;
    }

    private static string Key(OutputPart part) => FormattableString.Invariant($"{part.Entry.Commit}-{part.Entry.FileOf(FileRole.Rows)!.Sha256}");

    private Dictionary<string, RowFileEntry> Listed()
    {
        string list = Path.Combine(_folder, ListName);
        var listed = new Dictionary<string, RowFileEntry>(StringComparer.Ordinal);
        if (!File.Exists(list)) { return listed; }

        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new StreamReader(new FileStream(list, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (lines.ReadLine() is { } line)
        {
            if (Parse(line) is not { } entry) { continue; }

            string key = FormattableString.Invariant($"{entry.Commit}-{entry.Source}");
            if (keys.TryGetValue(entry.File, out string? before)) { listed.Remove(before); } // the file was made again, of other bytes
            (keys[entry.File], listed[key]) = (key, entry);
        }

        return listed;
    }

    // A line that a crash tore names a file that is made again; a name with a folder in it is not one of ours.
    private static RowFileEntry? Parse(string line)
    {
        try
        {
            RowFileEntry? entry = JsonSerializer.Deserialize(line, RowsJson.Default.RowFileEntry);
            return entry is { File: not null, Source: not null, Sha256: not null, FooterSha256: not null }
                && Path.GetFileName(entry.File) == entry.File ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsOpenable(RowFileEntry entry)
    {
        if (TryOpen(entry) is not { } file) { return false; }
        file.Leave();
        return true;
    }

    private RowFile? TryOpen(RowFileEntry entry)
    {
        try
        {
            return RowFile.Open(Path.Combine(_folder, entry.File), entry);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or JsonException)
        {
            return null; // it is made again
        }
    }

    private bool Publish(Dictionary<string, RowFileEntry> listed, OutputPart[] parts)
    {
        lock (_lock)
        {
            var files = new List<RowSpan>();
            foreach (OutputPart part in parts)
            {
                string key = Key(part);
                if (!_open.TryGetValue(key, out RowFile? file) && listed.TryGetValue(key, out RowFileEntry? entry) && TryOpen(entry) is { } opened
                    && opened.Rows == part.Entry.Rows)
                {
                    _open[key] = file = opened;
                }

                if (file is not null) { files.Add(new RowSpan(part.FirstRow, file, part)); }
            }

            if (files.Select(file => (file.First, file.File)).SequenceEqual(_now.Files.Select(file => (file.First, file.File)))) { return false; }

            RowSnapshot before = _now;
            _now = new RowSnapshot([.. files], NextVersion());
            before.Dispose();
            HashSet<string> wanted = [.. parts.Select(Key)];
            foreach (string gone in _open.Keys.Where(key => !wanted.Contains(key)).ToArray())
            {
                _open[gone].Leave();
                _open.Remove(gone);
            }

            return true;
        }
    }

    private async Task<RowFileEntry> MakeAsync(OutputPart part, CancellationToken abort)
    {
        string name = FormattableString.Invariant($"{part.Entry.Commit:D10}.rows");
        string path = Path.Combine(_folder, name);
        string temp = path + ".tmp";
        (long bytes, string sha256, string footer) = await WriteAsync(part, temp, abort);
        File.Move(temp, path, overwrite: true);
        var entry = new RowFileEntry(part.Entry.Commit, part.Entry.FileOf(FileRole.Rows)!.Sha256, name, bytes, sha256, footer);
        await using var list = new FileStream(Path.Combine(_folder, ListName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        bool isTorn = list.Length > 0 && list.Seek(-1, SeekOrigin.End) >= 0 && list.ReadByte() != '\n';
        list.Seek(0, SeekOrigin.End);
        list.Write([.. isTorn ? "\n"u8 : [], .. JsonSerializer.SerializeToUtf8Bytes(entry, RowsJson.Default.RowFileEntry), (byte)'\n']);
        list.Flush(flushToDisk: true);
        return entry;
    }

    private static async Task<(long Bytes, string Sha256, string FooterSha256)> WriteAsync(OutputPart part, string temp, CancellationToken abort)
    {
        string path = part.PathOf(FileRole.Rows)!;
        if (path.EndsWith(".npy", StringComparison.Ordinal)) { return WriteNulls(part, temp); }

        await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
        if (reader.Rows != part.Entry.Rows) { throw new InvalidDataException($"'{path}' has {reader.Rows} rows, and {part.Entry.Rows} belong to the part."); }
        using var writer = new RowFileWriter(temp, part.Entry.Set, reader.Columns);
        await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync(abort)) { writer.Add(row); }
        return writer.Complete();
    }

    /// <summary>Vectors without metadata: of their rows nothing else is known.</summary>
    private static (long Bytes, string Sha256, string FooterSha256) WriteNulls(OutputPart part, string temp)
    {
        using var writer = new RowFileWriter(temp, part.Entry.Set, []);
        for (long row = 0; row < part.Entry.Rows; row++) { writer.Add([]); }
        return writer.Complete();
    }
}
