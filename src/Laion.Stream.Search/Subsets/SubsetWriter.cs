using System.Globalization;
using System.Reflection;
using LaionStream.Dataset.Disk;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>Writes the rows that a request takes into one file, and beside it a manifest that says how it came about.</summary>
/// <remarks>
/// Both appear whole or not at all, the file last. Rows are streamed: memory is that of the limits, and a bit for each row of the inputs when rows are compared
/// with each other. The same inputs and request give the same bytes, whatever the number of threads.
/// </remarks>
public static class SubsetWriter
{
    private const int RowGroupRows = 65_536;

    /// <summary>Writes a subset.</summary>
    /// <param name="request">Which rows, and where to.</param>
    /// <param name="progress">Receives how far it is; null when nobody asks.</param>
    /// <param name="abort">Ends it early; nothing is left behind then.</param>
    /// <exception cref="RequestException">It cannot be done as asked; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing was written.</exception>
    public static SubsetResult Write(SubsetRequest request, SubsetProgress? progress, CancellationToken abort)
    {
        string output = Path.GetFullPath(request.Output);
        string manifest = ManifestOf(output);
        CheckOutput(request, output);
        SubsetPreset[] presets = [.. request.Presets.Select(SubsetPresets.Parse)];
        IReadOnlyList<RowsInput> inputs = RowsInputs.Open(request.Inputs, request.IsShipped);
        RowsFile[] files = FilesOf(inputs, presets, request.Sets);
        bool isFolder = request.Format is SubsetFormat.Shards or SubsetFormat.Embeddings;
        if (isFolder) { CheckFolder(request, files); }

        string folder = Path.GetDirectoryName(output)!;
        Directory.CreateDirectory(folder);
        SqlLimits limits = request.Limits with { TempFolder = request.Limits.TempFolder ?? AtomicFile.TempOf(output) + ".spill" };
        try
        {
            long rows;
            long of;
            using (var session = new SqlSession(limits))
            {
                try
                {
                    var source = new RowSource(session, files, [folder]);
                    var query = new RowQuery(session, request, presets, source);
                    if (request.Like is { } like) { session.AddPredicate(RowQuery.Like, SimilarRows.Find(inputs, source, like, abort).Has); }
                    (rows, of) = isFolder
                        ? WriteFolder(session, request, query, source, inputs, AtomicFile.TempOf(output), progress, abort)
                        : Write(session, request, query, source, AtomicFile.TempOf(output), progress, abort);
                }
                finally
                {
                    progress?.End();
                }
            }

            abort.ThrowIfCancellationRequested();
            if (isFolder)
            {
                IReadOnlyList<string> notes = Register(inputs, output);
                AtomicFile.Write(manifest, Describe(request, presets, inputs, files, null, rows, of));
                Directory.Move(AtomicFile.TempOf(output), output);
                FolderFlush.Names(folder);
                return new SubsetResult(rows, of, SizeOf(output), output, manifest) { Unregistered = notes };
            }

            (long bytes, string sha256) = FileDigest.Of(AtomicFile.TempOf(output));
            var written = new FileRecord(Path.GetFileName(output), bytes, sha256);
            IReadOnlyList<string> unregistered = Register(inputs, output);
            AtomicFile.Write(manifest, Describe(request, presets, inputs, files, written, rows, of));
            AtomicFile.Publish(output);
            return new SubsetResult(rows, of, bytes, output, manifest) { Unregistered = unregistered };
        }
        finally
        {
            if (!isFolder) { File.Delete(AtomicFile.TempOf(output)); } // does nothing once it has its name
            if (Directory.Exists(AtomicFile.TempOf(output))) { Directory.Delete(AtomicFile.TempOf(output), recursive: true); }
        }
    }

    /// <summary>Where the manifest of a subset lies.</summary>
    public static string ManifestOf(string output) => output + DerivedRegister.ManifestEnd;

    /// <summary>Notes the subset with its inputs, and makes sure that it has no row that was removed from them meanwhile.</summary>
    private static IReadOnlyList<string> Register(IReadOnlyList<RowsInput> inputs, string output)
    {
        IReadOnlyList<string> unregistered = DerivedRegister.Add(inputs, output);
        RowsInputs.CheckCurrent(inputs);
        return unregistered;
    }

    private static void CheckOutput(SubsetRequest request, string output)
    {
        bool isFolder = request.Format is SubsetFormat.Shards or SubsetFormat.Embeddings;
        if (isFolder && Path.Exists(output)) { throw new RequestException($"'{request.Output}' exists; pictures and vectors are written into a new folder"); }
        if (Directory.Exists(output)) { throw new RequestException($"'{request.Output}' is a folder; the subset is written as one file"); }
        if (File.Exists(output) && !request.Overwrite) { throw new RequestException($"'{request.Output}' exists; with --overwrite it is replaced"); }
        if (request.PerDomain is < 1) { throw new RequestException("--per-domain: at least 1 row"); }
    }

    private static RowsFile[] FilesOf(IReadOnlyList<RowsInput> inputs, SubsetPreset[] presets, IReadOnlyList<string> sets)
    {
        string[] wanted = [.. presets.Select(preset => preset.Set).OfType<string>().Distinct()];
        if (wanted.Length > 1) { throw new RequestException($"No row is in {string.Join(" and in ", wanted)}: presets of different sets exclude each other"); }

        RowsFile[] all = [.. inputs.SelectMany(input => input.Files)];
        RowsFile[] files = [.. all.Where(file => (wanted.Length == 0 || file.Set == wanted[0]) && (sets.Count == 0 || sets.Contains(file.Set, StringComparer.Ordinal)))];
        return files.Length > 0
            ? files
            : throw new RequestException(all.Length == 0
                ? "The inputs have no rows"
                : $"The inputs have no rows in {string.Join(" or ", wanted.Concat(sets).Distinct())} (there are {string.Join(", ", all.Select(file => file.Set ?? "files outside of sets").Distinct())})");
    }

    private static (long Rows, long Of) Write(
        SqlSession session, SubsetRequest request, RowQuery query, RowSource source, string temp, SubsetProgress? progress, CancellationToken abort)
    {
        long of = session.Number("SELECT count(*) FROM \"rows\"", abort);
        string condition = query.Condition;
        if (query.ComparesRows)
        {
            var chosen = new ChosenRows();
            progress?.Begin("choosing", of, () => session.Progress);
            session.Read(query.Choose(), row => chosen.Add(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), abort);
            session.AddPredicate("__chosen", chosen.Has);
            condition = $"__chosen({RowSource.Place})";
        }

        string columns = string.Join(", ", (request.Format == SubsetFormat.Urls ? [UrlOf(source)] : query.Columns).Select(SqlText.Name));
        progress?.Begin("writing", of, () => session.Progress);
        return (session.Run($"COPY (SELECT {columns} FROM \"rows\" WHERE {condition}) TO {SqlText.Literal(temp)} ({FormOf(request)})", abort), of);
    }

    private static void CheckFolder(SubsetRequest request, RowsFile[] files)
    {
        if (request.Columns.Count > 0) { throw new RequestException("--columns: pictures and vectors are written with all columns"); }
        new FolderSubset("", request.Format).Check(files);
    }

    /// <summary>Writes the chosen rows with their pictures or vectors; the places are found first, for the files are cut part by part.</summary>
    private static (long Rows, long Of) WriteFolder(
        SqlSession session, SubsetRequest request, RowQuery query, RowSource source, IReadOnlyList<RowsInput> inputs, string temp, SubsetProgress? progress, CancellationToken abort)
    {
        long of = session.Number("SELECT count(*) FROM \"rows\"", abort);
        var chosen = new ChosenRows();
        progress?.Begin("choosing", of, () => session.Progress);
        session.Read(query.Choose(), row => chosen.Add(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), abort);

        if (Directory.Exists(temp)) { Directory.Delete(temp, recursive: true); } // of a process that was killed
        Directory.CreateDirectory(temp);
        int done = 0;
        int parts = chosen.Files.Count();
        progress?.Begin("writing", of, () => 100.0 * Volatile.Read(ref done) / Math.Max(1, parts));
        IEnumerable<(RowsFile, long[])> files = chosen.Files.Select(place =>
        {
            Interlocked.Increment(ref done);
            return (source.FileAt(place.Set, place.File), chosen.Of(place.Set, place.File).ToArray());
        });
        new FolderSubset(temp, request.Format).WriteAsync(inputs, files, abort).GetAwaiter().GetResult();
        return (chosen.Count, of);
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static string UrlOf(RowSource source) => source.UrlColumn ?? throw new RequestException(source.FileColumns.Missing("URL"));

    private static string FormOf(SubsetRequest request) => request.Format switch
    {
        SubsetFormat.Parquet => $"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {RowGroupRows}, KV_METADATA {{'laion.version': {SqlText.Literal(Version)}}}",
        SubsetFormat.Csv => "FORMAT csv, HEADER true",
        SubsetFormat.Jsonl => "FORMAT json",
        _ => "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u0001'",
    };

    private static string Version => Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    private static byte[] Describe(
        SubsetRequest request, SubsetPreset[] presets, IReadOnlyList<RowsInput> inputs, RowsFile[] files, FileRecord? written, long rows, long of)
    {
        HashSet<RowsFile> read = [.. files];
        var manifest = new SubsetManifest
        {
            Version = Version,
            File = written,
            Format = request.Format.ToString().ToLower(CultureInfo.InvariantCulture),
            Rows = rows,
            Of = of,
            Query = new SubsetQuery(
                request.Sets, presets, request.Where, request.Distinct == DistinctBy.None ? null : request.Distinct.ToString().ToLower(CultureInfo.InvariantCulture),
                request.PerDomain, request.Sample?.ToString(), request.Seed, request.Columns)
            {
                Like = request.Like?.Query,
                MinSimilarity = request.Like?.Least,
            },
            Inputs = [.. inputs.Select(input => SourceRecord.Of(input, read.Contains))],
        };
        return JsonFile.Of(manifest, SubsetJson.Default.SubsetManifest);
    }
}
