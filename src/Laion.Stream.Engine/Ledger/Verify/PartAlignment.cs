using System.Globalization;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Compares the files of a part with its rows: as many, and in the same order. Expects files whose size and digest were verified.</summary>
/// <param name="root">The output.</param>
/// <param name="wrong">Receives each problem.</param>
internal sealed class PartAlignment(string root, Action<string> wrong)
{
    private readonly Dictionary<string, int> _widths = new(StringComparer.Ordinal);

    /// <summary>Checks a part.</summary>
    /// <param name="entry">Its manifest line.</param>
    /// <param name="whole">Its files that exist and whose bytes were verified.</param>
    /// <param name="abort">Ends it early.</param>
    public async Task CheckAsync(ManifestEntry entry, IReadOnlyList<ManifestFile> whole, CancellationToken abort)
    {
        long[]? rows = whole.Count > 1
            && whole.Any(file => file.Role == FileRole.Rows)
            ? await ReadAsync(entry.FileOf(FileRole.Rows)!, (reader, abort) => reader.ReadLongsAsync("SAMPLE_ID", abort), abort)
            : null;
        foreach (ManifestFile file in whole)
        {
            switch (file.Role)
            {
                case FileRole.ImageEmbeddings or FileRole.TextEmbeddings:
                    await CheckVectorsAsync(entry, file, abort);
                    break;
                case FileRole.EmbeddingMetadata or FileRole.ImageMetadata:
                    Compare(entry, file, await ReadAsync(file, (reader, abort) => reader.ReadLongsAsync("SAMPLE_ID", abort), abort), rows);
                    break;
                case FileRole.Images:
                    string[]? keys = rows is null ? null : await ReadAsync(entry.FileOf(FileRole.Rows)!, ReadKeysAsync, abort);
                    Guard(file, path => Compare(entry, file, [.. ShardCheck.KeysOf(path)], keys));
                    break;
                case FileRole.ImageFolder:
                    string[]? names = rows is null ? null : await ReadAsync(entry.FileOf(FileRole.Rows)!, ReadKeysAsync, abort);
                    Guard(file, path => Compare(entry, file, [.. ShardCheck.KeysIn(path)], names));
                    break;
                case FileRole.ImageStats:
                    Guard(file, path => Compare(entry, file, ShardCheck.SuccessesOf(path)));
                    break;
            }
        }
    }

    private async Task CheckVectorsAsync(ManifestEntry entry, ManifestFile file, CancellationToken abort)
    {
        byte[] head = new byte[NpyHeader.Bytes];
        await using FileStream stream = File.OpenRead(PathOf(file));
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, abort);
        if (NpyHeader.Parse(head.AsSpan(0, read)) is not var (rows, width))
        {
            wrong($"{file.Path} does not begin as a NumPy file of float16 vectors");
            return;
        }

        if (rows != entry.Rows || stream.Length != NpyHeader.Bytes + (rows * width * NpyHeader.NumberBytes))
        {
            wrong(Invariant($"{file.Path} says that it has {rows} vectors of {width} numbers, in {stream.Length} bytes; its part has {entry.Rows} rows"));
        }

        if (_widths.TryGetValue(file.Role, out int others) && others != width)
        {
            wrong(Invariant($"{file.Path} has vectors of {width} numbers, files before it of {others}"));
        }
        _widths.TryAdd(file.Role, width);
    }

    private void Compare<T>(ManifestEntry entry, ManifestFile file, T[]? found, T[]? rows)
        where T : IEquatable<T>
    {
        if (found is null) { return; }

        Compare(entry, file, found.Length);
        if (found.Length == rows?.Length && !found.AsSpan().SequenceEqual(rows)) { wrong($"{file.Path} has other rows than its part, or another order"); }
    }

    private void Compare(ManifestEntry entry, ManifestFile file, long found)
    {
        if (found != entry.Rows) { wrong(Invariant($"{file.Path} has {found} rows, its part {entry.Rows}")); }
    }

    /// <summary>A column of a Parquet file, in order; null when it cannot be read.</summary>
    private async Task<T[]?> ReadAsync<T>(ManifestFile file, Func<SampleFileReader, CancellationToken, Task<T[]>> read, CancellationToken abort)
    {
        try
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(PathOf(file));
            return await read(reader, abort);
        }
        catch (InvalidDataException e)
        {
            wrong($"{file.Path}: {e.Message}");
            return null;
        }
    }

    private static async Task<string[]> ReadKeysAsync(SampleFileReader reader, CancellationToken abort)
    {
        var keys = new List<string>();
        await foreach (string? key in reader.ReadTextsAsync("key", abort)) { keys.Add(key ?? ""); }
        return [.. keys];
    }

    private void Guard(ManifestFile file, Action<string> check)
    {
        try
        {
            check(PathOf(file));
        }
        catch (InvalidDataException e)
        {
            wrong($"{file.Path}: {e.Message}");
        }
    }

    private string PathOf(ManifestFile file) => Path.Combine(root, file.Path);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
