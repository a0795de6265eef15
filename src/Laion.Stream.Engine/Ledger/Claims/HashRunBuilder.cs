using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.Claims;

/// <summary>
/// Builds hash runs from closed ledger segments, and merges the newest two runs when they are of similar size, so that there are never more than a few dozen.
/// </summary>
internal sealed class HashRunBuilder(IDisk disk, string stateFolder)
{
    private const int ChunkHashes = 1 << 16;

    /// <summary>Maps the existing runs; deletes those whose segments a larger run covers.</summary>
    public List<HashRun> OpenAll()
    {
        var runs = new List<HashRun>();
        foreach (string path in Directory.EnumerateFiles(stateFolder, "hashes-*.run").Order(StringComparer.Ordinal)) { runs.Add(HashRun.Open(path)); }

        foreach (HashRun covered in runs.Where(run => runs.Any(other => other != run && other.First <= run.First && other.Last >= run.Last)).ToArray())
        {
            runs.Remove(covered);
            covered.Dispose();
            disk.Delete(covered.Path);
        }

        return runs;
    }

    /// <summary>Builds the run of one closed segment.</summary>
    /// <param name="segment">The segment's number.</param>
    /// <param name="isCommitted">Whether the manifest lists a commit.</param>
    public HashRun Build(int segment, Func<long, bool> isCommitted)
    {
        long count = 0;
        foreach (LedgerEntry entry in LedgerFile.Read(stateFolder, segment, isClosed: true)) { AddHashes(entry, isCommitted, _ => count++); }

        // Counted first, so that the array never has to grow: a segment may hold some hundred million hashes.
        ulong[] hashes = new ulong[count];
        long filled = 0;
        foreach (LedgerEntry entry in LedgerFile.Read(stateFolder, segment, isClosed: true))
        {
            AddHashes(entry, isCommitted, hash => hashes[filled++] = HashTable.Mix(hash));
        }

        Array.Sort(hashes);
        return HashRun.Open(HashRun.Write(disk, stateFolder, segment, segment, count, Chunks(hashes)));
    }

    /// <summary>Calls <paramref name="add"/> for each hash that a ledger record makes durable.</summary>
    public static void AddHashes(LedgerEntry entry, Func<long, bool> isCommitted, Action<long> add)
    {
        switch (entry)
        {
            case LedgerOutcomes { IsSnapshot: false } outcomes when outcomes.Commit is not { } commit || isCommitted(commit):
                foreach (LedgerGroup group in outcomes.Groups) { Array.ForEach(group.Hashes, add); }
                break;
            case LedgerKeptHashes kept when isCommitted(kept.Commit):
                Array.ForEach(kept.Hashes, add);
                break;
        }
    }

    /// <summary>Merges the newest two runs while the older is less than twice the newer.</summary>
    public void Compact(ClaimIndex index)
    {
        while (true)
        {
            HashRun[] newest = [.. index.Runs.OrderByDescending(run => run.First).Take(2)];
            if (newest.Length < 2 || newest[1].Count >= 2 * Math.Max(newest[0].Count, 1)) { return; }

            (HashRun older, HashRun newer) = (newest[1], newest[0]);
            HashRun merged = HashRun.Open(HashRun.Write(disk, stateFolder, older.First, newer.Last, older.Count + newer.Count, Merge(older, newer)));
            index.Replace([older, newer], merged);
            disk.Delete(older.Path);
            disk.Delete(newer.Path);
        }
    }

    /// <summary>Splits the hashes into pieces, because a span of bytes cannot cover a large array.</summary>
    private static IEnumerable<ReadOnlyMemory<ulong>> Chunks(ulong[] hashes)
    {
        for (int i = 0; i < hashes.Length; i += Math.Min(ChunkHashes, hashes.Length - i))
        {
            yield return hashes.AsMemory(i, Math.Min(ChunkHashes, hashes.Length - i));
        }
    }

    private static IEnumerable<ReadOnlyMemory<ulong>> Merge(HashRun a, HashRun b)
    {
        ulong[] chunk = new ulong[ChunkHashes];
        int filled = 0;
        long i = 0;
        long j = 0;
        while (i < a.Count || j < b.Count)
        {
            chunk[filled++] = j >= b.Count || (i < a.Count && a[i] <= b[j]) ? a[i++] : b[j++];
            if (filled == chunk.Length)
            {
                yield return chunk;
                filled = 0;
            }
        }

        yield return chunk.AsMemory(0, filled);
    }
}
