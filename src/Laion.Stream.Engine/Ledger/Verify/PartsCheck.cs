using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Compares the files of parts with what the manifest says of them: bytes, digests, rows.</summary>
/// <param name="root">The output.</param>
/// <param name="isDerived">Whether it was made by merge or subset: its manifest then names no input rows.</param>
/// <param name="isShipped">Whether files may have been moved away.</param>
/// <param name="progress">Told how many bytes are read, and of how many.</param>
/// <param name="wrong">Receives each problem.</param>
internal sealed class PartsCheck(string root, bool isDerived, bool isShipped, Action<long, long>? progress, Action<string> wrong)
{
    private const int BufferBytes = 1 << 18;

    private readonly HashSet<string> _wholeDrops = new(StringComparer.Ordinal);
    private long _read;
    private long _bytes;

    /// <summary>Files that the manifest lists and that were moved away.</summary>
    public int Away { get; private set; }

    /// <summary>Files of dropped rows that are here and have the bytes that were committed.</summary>
    public IReadOnlySet<string> WholeDrops => _wholeDrops;

    /// <summary>Compares the files of every commit with the manifest, and the files of a part with each other.</summary>
    /// <param name="entries">The valid commits.</param>
    /// <param name="read">Reads what identifies the rows of a file of rows.</param>
    /// <param name="abort">Ends it early.</param>
    /// <returns>What identifies the rows of all readable files.</returns>
    public async Task<T[]> CheckAsync<T>(List<ManifestEntry> entries, Func<SampleFileReader, CancellationToken, Task<T[]>> read, CancellationToken abort)
    {
        _bytes = entries.Sum(entry => entry.Files.Sum(file => file.Bytes));
        var rows = new List<T>();
        var alignment = new PartAlignment(root, wrong);
        foreach (ManifestEntry entry in entries)
        {
            var whole = new List<ManifestFile>();
            if (!IsSet(entry))
            {
                Wrong(FormattableString.Invariant(
                    $"commit {entry.Commit} does not list one file of rows and at most one of each other role, or one file of dropped rows and no other"));
            }
            foreach (ManifestFile file in entry.Files)
            {
                long before = _read;
                bool isWhole = await CheckBytesAsync(file, abort);
                Read(before + file.Bytes - _read); // one that is away or differs counts as read
                if (!isWhole) { continue; }

                whole.Add(file);
                if (file.Role == FileRole.Dropped) { _wholeDrops.Add(file.Path); }
                if (file.Role == FileRole.Rows) { rows.AddRange(await CheckRowsAsync(entry, file.Path, read, abort)); }
            }

            if (IsSet(entry) && entry.Dropped == 0) { await alignment.CheckAsync(entry, whole, abort); }
        }

        return [.. rows];
    }

    private static bool IsSet(ManifestEntry entry) => DroppedCheck.IsAlone(entry) || (entry.Dropped == 0 && entry.FileOf(FileRole.Dropped) is null
        && entry.FileOf(FileRole.Rows) is not null && entry.Files.DistinctBy(file => file.Role).Count() == entry.Files.Count);

    private async Task<bool> CheckBytesAsync(ManifestFile file, CancellationToken abort)
    {
        string path = Path.Combine(root, file.Path);
        if (!Path.Exists(path) && isShipped)
        {
            Away++;
            return false;
        }

        if (!Path.Exists(path)) { return Wrong($"{file.Path} is missing"); }
        if (file.Role == FileRole.ImageFolder)
        {
            return (Directory.Exists(path) && PartFiles.Has(path, file)) || Wrong($"{file.Path} has other files or bytes than were committed");
        }

        long bytes = new FileInfo(path).Length;
        if (bytes != file.Bytes) { return Wrong(FormattableString.Invariant($"{file.Path} has {bytes} bytes instead of {file.Bytes}")); }

        string digest = await DigestAsync(path, abort);
        return digest == file.Sha256 || Wrong($"{file.Path} has other bytes than were committed (sha256)");
    }

    private async Task<string> DigestAsync(string path, CancellationToken abort)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer, abort)) > 0;)
        {
            digest.AppendData(buffer, 0, read);
            Read(read);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private void Read(long bytes)
    {
        _read += bytes;
        progress?.Invoke(_read, _bytes);
    }

    private async Task<T[]> CheckRowsAsync<T>(ManifestEntry entry, string path, Func<SampleFileReader, CancellationToken, Task<T[]>> read,
        CancellationToken abort)
    {
        try
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(Path.Combine(root, path));
            long listed = isDerived ? entry.Rows : entry.RowsByFile.Values.Sum(ranges => RowRanges.Parse(ranges).Sum(range => (long)range.Count));
            if (reader.Rows != entry.Rows || listed != entry.Rows)
            {
                Wrong(FormattableString.Invariant($"{path} has {reader.Rows} rows, the manifest says {entry.Rows} and lists {listed}"));
            }

            return await read(reader, abort);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            Wrong($"{path}: {e.Message}");
            return [];
        }
    }

    private bool Wrong(string problem)
    {
        wrong(problem);
        return false;
    }
}
