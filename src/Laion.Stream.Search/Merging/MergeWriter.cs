using System.Globalization;
using System.Reflection;
using LaionStream.Dataset.Disk;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Merging;

/// <summary>
/// Makes one output of several: each part of the inputs becomes a part without the rows that an earlier row equals. The folder appears whole or not at all, and
/// the same inputs give the same bytes.
/// </summary>
/// <remarks>
/// Of equal rows the first wins, by the order of the inputs, of the commits of an input, and of the rows of a part. Memory: that of the limits, a bit for each
/// row, and what <see cref="RangeDedupe"/> takes. <c>SAMPLE_ID</c> is unique in an input only: the column <c>merged_from</c> is the input's number.
/// </remarks>
public static class MergeWriter
{
    private const int RowBits = 36;
    private const int RowGroupRows = 65_536;

    /// <summary>Merges.</summary>
    /// <param name="request">What and where to.</param>
    /// <param name="progress">Receives how far it is; null when nobody asks.</param>
    /// <param name="abort">Ends it early; nothing is left behind then.</param>
    /// <exception cref="RequestException">It cannot be done as asked; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing was written.</exception>
    public static MergeResult Write(MergeRequest request, SubsetProgress? progress, CancellationToken abort)
    {
        string output = Path.GetFullPath(request.Output.TrimEnd('/'));
        if (Path.Exists(output)) { throw new RequestException($"'{request.Output}' exists; a merged output is written into a new folder"); }
        IReadOnlyList<RowsInput> inputs = RowsInputs.Open(request.Inputs, request.IsShipped);
        if (inputs.SelectMany(input => input.Files).FirstOrDefault(file => file.Part is null) is { } strange)
        {
            throw new RequestException($"'{strange.Path}' belongs to no output folder; only outputs are merged");
        }

        string temp = AtomicFile.TempOf(output);
        if (Directory.Exists(temp)) { Directory.Delete(temp, recursive: true); } // of a process that was killed
        Directory.CreateDirectory(temp);
        try
        {
            using var merge = new Merge(request, inputs, temp, progress, abort);
            MergeResult result = merge.Run() with { Unregistered = DerivedRegister.Add(inputs, output) };
            RowsInputs.CheckCurrent(inputs); // no row that was removed meanwhile becomes visible again
            Directory.Move(temp, output);
            FolderFlush.Names(Path.GetDirectoryName(output)!);
            return result;
        }
        finally
        {
            progress?.End();
            if (Directory.Exists(temp)) { Directory.Delete(temp, recursive: true); }
        }
    }

    private sealed class Merge : IDisposable
    {
        private readonly MergeRequest _request;
        private readonly IReadOnlyList<RowsInput> _inputs;
        private readonly RowsFile[] _files;
        private readonly int[] _inputOf;
        private readonly string _temp;
        private readonly SubsetProgress? _progress;
        private readonly CancellationToken _abort;
        private readonly SqlSession _session;
        private readonly ChosenRows _lost = new();
        private readonly List<Dictionary<string, long>> _lostOf;
        private int _done;

        public Merge(MergeRequest request, IReadOnlyList<RowsInput> inputs, string temp, SubsetProgress? progress, CancellationToken abort)
        {
            (_request, _inputs, _temp, _progress, _abort) = (request, inputs, temp, progress, abort);
            _files = [.. inputs.SelectMany(input => input.Files)];
            _inputOf = [.. inputs.SelectMany((input, number) => input.Files.Select(_ => number))];
            _lostOf = [.. inputs.Select(_ => new Dictionary<string, long>(StringComparer.Ordinal))];
            _session = new SqlSession(request.Limits with { TempFolder = request.Limits.TempFolder ?? Path.Combine(temp, ".spill") });
            _session.AddPredicate("__lost", _lost.Has);
            _session.Lock(_files.Select(file => Path.GetDirectoryName(file.Path)!).Distinct().SelectMany(folder => (string[])[folder, SqlText.Escape(folder)]).Append(temp));
        }

        public MergeResult Run()
        {
            string[] keys = ["hash", .. _request.ByUrl ? ["url"] : Array.Empty<string>(), .. _request.ByPHash ? ["phash"] : Array.Empty<string>()];
            foreach (string key in keys) { Compare(key); }

            long of = _files.Sum(file => file.Part!.Entry.Rows);
            int parts = WriteParts(out long rows);
            AtomicFile.Write(Path.Combine(_temp, "merge.json"), JsonFile.Of(
                new MergeManifest
                {
                    Version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3),
                    Keys = keys,
                    Rows = rows,
                    Of = of,
                    Inputs = [.. _inputs.Select((input, number) => new MergedInput(SourceRecord.Of(input, _ => true), input.Files.Sum(file => file.Part!.Entry.Rows), _lostOf[number]))],
                },
                MergeJson.Default.MergeManifest));
            return new MergeResult(rows, of, parts);
        }

        public void Dispose() => _session.Dispose();

        /// <summary>Finds the rows that an earlier one equals by a key; a row that lost by an earlier key wins against none.</summary>
        private void Compare(string key)
        {
            string number = key switch
            {
                "hash" => "\"hash\"",
                "url" => "(md5_number_lower(\"URL\") // 2)::BIGINT",
                _ => "(md5_number_lower(phash) // 2)::BIGINT",
            };
            using var dedupe = new RangeDedupe(Path.Combine(_temp, ".ranges"));
            Begin($"comparing by {key}");
            for (int file = 0; file < _files.Length; file++)
            {
                int at = file;
                _session.Read($"SELECT file_row_number::BIGINT, {number} FROM read_parquet({SqlText.PathLiteral(_files[file].Path)}, hive_partitioning = false)", row =>
                {
                    long place = row.GetInt64(0);
                    bool counts = !row.IsDBNull(1) && !_lost.Has(0, at, place);
                    if (counts) { dedupe.Add(unchecked((ulong)row.GetInt64(1)), ((ulong)at << RowBits) | (ulong)place); }
                }, _abort);
                Interlocked.Increment(ref _done);
            }

            foreach (ulong place in dedupe.Losers(_abort))
            {
                int file = (int)(place >> RowBits);
                _lost.Add(0, file, (long)(place & ((1UL << RowBits) - 1)));
                Dictionary<string, long> lost = _lostOf[_inputOf[file]];
                lost[key] = lost.GetValueOrDefault(key) + 1;
            }
        }

        private int WriteParts(out long rows)
        {
            var next = new Dictionary<string, int>(StringComparer.Ordinal);
            var lines = new List<byte>();
            (rows, int commit) = (0, 0);
            Begin("writing");
            for (int file = 0; file < _files.Length; file++)
            {
                ManifestEntry source = _files[file].Part!.Entry;
                int part = next.GetValueOrDefault(source.Set);
                string path = string.Create(CultureInfo.InvariantCulture, $"{source.Set}/part-{part:D5}.parquet");
                long written = WritePart(file, Path.Combine(_temp, path));
                Interlocked.Increment(ref _done);
                if (written == 0) { continue; }

                next[source.Set] = part + 1;
                rows += written;
                (long bytes, string sha256) = FileDigest.Of(Path.Combine(_temp, path));
                lines.AddRange(new ManifestEntry(commit++, source.Set, source.At, written, [new ManifestFile(path, path, bytes, sha256)], new Dictionary<int, string>()).ToLine());
                lines.Add((byte)'\n');
            }

            Directory.CreateDirectory(Path.Combine(_temp, "state"));
            AtomicFile.Write(Path.Combine(_temp, "state", "manifest.jsonl"), lines.ToArray());
            foreach (string folder in next.Keys.Append("").Append("state")) { FolderFlush.Names(Path.Combine(_temp, folder)); }
            return commit;
        }

        /// <summary>Writes what is left of a part; nothing when no row is.</summary>
        private long WritePart(int file, string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            long rows = _session.Run(
                $"COPY (SELECT *, {SqlText.Number(_inputOf[file])}::INTEGER AS merged_from FROM read_parquet({SqlText.PathLiteral(_files[file].Path)}, hive_partitioning = false) "
                + $"WHERE NOT __lost(0, {SqlText.Number(file)}, file_row_number::BIGINT)) "
                + $"TO {SqlText.Literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {RowGroupRows}{ParquetMetadata.OptionOf(_files[file].Path)})",
                _abort);
            if (rows == 0) { File.Delete(path); }
            else { AtomicFile.Flush(path); }
            return rows;
        }

        private void Begin(string step)
        {
            _done = 0;
            _progress?.Begin(step, _files.Sum(file => file.Part!.Entry.Rows), () => 100.0 * Volatile.Read(ref _done) / Math.Max(1, _files.Length));
        }
    }
}
