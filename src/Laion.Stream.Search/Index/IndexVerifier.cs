using System.Security.Cryptography;

namespace LaionStream.Search.Index;

/// <summary>Reads an index whole: digests, graphs, and that the vectors it has are those of the output.</summary>
/// <param name="folder">An output, or a folder of embeddings.</param>
/// <param name="kind">Which vectors.</param>
public sealed class IndexVerifier(string folder, VectorKind kind)
{
    private const int Samples = 200;
    private const double LeastFound = 0.97;

    /// <summary>Called with the bytes read and those there are.</summary>
    public Action<long, long> Progress { get; init; } = (_, _) => { };

    /// <summary>Verifies.</summary>
    /// <param name="abort">Ends it.</param>
    /// <returns>What there is, and each fault as a sentence; none when the index is whole.</returns>
    /// <exception cref="InvalidDataException">The output's own files or the index's manifest are damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public (IndexReport Report, IReadOnlyList<string> Faults) Verify(CancellationToken abort)
    {
        using FolderIndex state = FolderIndex.Open(folder, kind, 0);
        var faults = new List<string>();
        long total = state.Keys.Sum(pair => pair.Entry.Bytes);
        long read = 0;
        foreach ((SegmentEntry entry, KeyMap keys) in state.Keys)
        {
            string path = new IndexFolder(folder).In(entry.File);
            long before = read;
            if (FaultOf(path, entry, bytes => Progress(before + bytes, total), abort) is { } fault) { faults.Add($"'{path}' {fault}."); }
            else if (keys.Alive > 0 && RecallFault(path, entry, keys) is { } lost) { faults.Add($"'{path}' {lost}."); }

            read += entry.Bytes;
        }

        var report = new IndexReport(kind, state.Rows, state.Keys.Sum(pair => pair.Keys.Alive), state.Keys.Count(pair => pair.Keys.Alive > 0), 0);
        return (report, faults);
    }

    private static string? FaultOf(string path, SegmentEntry entry, Action<long> progress, CancellationToken abort)
    {
        try
        {
            Segment.Check(path, entry);
            return Digest(path, progress, abort) == entry.Sha256 ? null : "is damaged: its digest is not the one in the index's manifest";
        }
        catch (FileNotFoundException)
        {
            return "is not there";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private static string Digest(string path, Action<long> progress, CancellationToken abort)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[1 << 20];
        long done = 0;
        while (file.Read(buffer) is > 0 and int read)
        {
            abort.ThrowIfCancellationRequested();
            digest.AppendData(buffer, 0, read);
            progress(done += read);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    // A graph over other vectors, or one that was cut into pieces, does not find rows by their own vectors.
    private static string? RecallFault(string path, SegmentEntry entry, KeyMap keys)
    {
        Segment segment = Segment.Open(path, entry, keys, threads: 1);
        using Native.Graph graph = segment.Graph;
        (int asked, int found) = (0, 0);
        for (long i = 0; i < Samples; i++)
        {
            (VectorBlock? block, int position) = keys.PlaceOf((ulong)(entry.Rows * i / Samples));
            if (block is null) { continue; }

            float[] vector = new float[entry.Dimensions];
            block.Vectors!.Copy(position, vector);
            if (!vector.AsSpan().ContainsAnyExcept(0f)) { continue; }

            var best = new NearestRows(1);
            SegmentSearch.Add(segment, SearchQuery.Of(vector), 1, null, best, CancellationToken.None);
            asked++;
            if (best.Sorted() is [{ Score: > 0.999f }]) { found++; } // a copy of the picture will do
        }

        return found >= LeastFound * asked ? null : $"finds only {found} of {asked} rows by their own vectors";
    }
}
