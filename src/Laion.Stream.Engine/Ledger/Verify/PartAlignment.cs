using System.Globalization;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Compares the files of a part with its rows: as many, and in the same order. Takes files whose size and digest were found right.</summary>
/// <param name="root">The output.</param>
/// <param name="wrong">Takes a problem.</param>
internal sealed class PartAlignment(string root, Action<string> wrong)
{
    private readonly Dictionary<string, int> _widths = new(StringComparer.Ordinal);

    /// <summary>Checks a part.</summary>
    /// <param name="entry">Its manifest line.</param>
    /// <param name="whole">Which of its files are here and have their bytes.</param>
    /// <param name="abort">Ends it early.</param>
    public async Task CheckAsync(ManifestEntry entry, IReadOnlyList<ManifestFile> whole, CancellationToken abort)
    {
        long[]? rows = whole.Count > 1 && whole.Any(file => file.Role == FileRole.Rows) ? await ReadIdsAsync(entry.FileOf(FileRole.Rows)!, abort) : null;
        foreach (ManifestFile file in whole)
        {
            switch (file.Role)
            {
                case FileRole.ImageEmbeddings or FileRole.TextEmbeddings:
                    await CheckVectorsAsync(entry, file, abort);
                    break;
                case FileRole.EmbeddingMetadata:
                    Compare(entry, file, await ReadIdsAsync(file, abort), rows);
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

        if (_widths.TryGetValue(file.Role, out int others) && others != width) { wrong(Invariant($"{file.Path} has vectors of {width} numbers, files before it of {others}")); }
        _widths.TryAdd(file.Role, width);
    }

    private void Compare(ManifestEntry entry, ManifestFile file, long[]? ids, long[]? rows)
    {
        if (ids is null) { return; }

        if (ids.Length != entry.Rows) { wrong(Invariant($"{file.Path} has {ids.Length} rows, its part {entry.Rows}")); }
        else if (rows is not null && !ids.AsSpan().SequenceEqual(rows)) { wrong($"{file.Path} has other rows than its part, or another order"); }
    }

    /// <summary>The sample ids of a Parquet file, in order; null where it cannot be read.</summary>
    private async Task<long[]?> ReadIdsAsync(ManifestFile file, CancellationToken abort)
    {
        try
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(PathOf(file));
            return await reader.ReadLongsAsync("SAMPLE_ID", abort);
        }
        catch (InvalidDataException e)
        {
            wrong($"{file.Path}: {e.Message}");
            return null;
        }
    }

    private string PathOf(ManifestFile file) => Path.Combine(root, file.Path);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
