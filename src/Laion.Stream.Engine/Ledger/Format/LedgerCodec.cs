namespace LaionStream.Engine.Ledger.Format;

/// <summary>Encodes and decodes ledger records.</summary>
internal static class LedgerCodec
{
    private const byte BaseKind = 1;
    private const byte OutcomesKind = 2;
    // only read, written by older versions: set numbers are those of the session that wrote it, and the record does not name the sets
    private const byte NumberedSnapshotKind = 3;
    private const byte KeptHashesKind = 4;
    private const byte SnapshotKind = 5;
    private const byte NamesKind = 6;
    private const byte CommittedOutcomesKind = 7;

    private const int RowsOfRecord = 1 << 20; // a record is read into memory as a whole

    /// <summary>Writes a segment's first record.</summary>
    public static void WriteBase(RecordBuffer to, LedgerBase start)
    {
        to.Begin(BaseKind);
        to.Number(start.ManifestBytes);
        to.Number(start.NextCommit);
        to.Number(start.Sets.Count);
        foreach (string set in start.Sets) { to.Text(set); }
        to.Number(start.NextParts.Count);
        foreach ((string set, int part) in start.NextParts)
        {
            to.Text(set);
            to.Number(part);
        }

        to.End();
    }

    /// <summary>Writes drops of one file, in as many records as needed.</summary>
    /// <param name="to">The buffer to add the records to.</param>
    /// <param name="fileNumber">The file.</param>
    /// <param name="at">The time of writing.</param>
    /// <param name="outcomes">The drops.</param>
    /// <param name="commit">The commit of the part of dropped rows that has these rows; null when the rows are written nowhere.</param>
    public static void WriteOutcomes(RecordBuffer to, int fileNumber, DateTimeOffset at, List<PendingOutcome> outcomes, long? commit = null)
    {
        ReadOnlySpan<PendingOutcome> ordered = OutcomeOrder.Of(outcomes);
        for (int i = 0; i < ordered.Length; i += RowsOfRecord)
        {
            to.Begin(commit is null ? OutcomesKind : CommittedOutcomesKind);
            to.Number(fileNumber);
            if (commit is { } number) { to.Number(number); }
            to.Number(at.ToUnixTimeSeconds());
            WriteGroups(to, ordered, i, Math.Min(ordered.Length, i + RowsOfRecord));
            to.End();
        }
    }

    private static void WriteGroups(RecordBuffer to, ReadOnlySpan<PendingOutcome> outcomes, int start, int stop)
    {
        for (int i = start; i < stop;)
        {
            int end = i;
            while (end < stop && outcomes[end].Code == outcomes[i].Code && outcomes[end].Hash is null == outcomes[i].Hash is null) { end++; }

            WriteGroup(to, outcomes, i, end);
            i = end;
        }

        to.Number(0); // ends the groups: no group has code 0
    }

    /// <summary>Writes a snapshot of one file: its current outcomes, without hashes, which the hash runs hold.</summary>
    /// <param name="to">The buffer to add the record to.</param>
    /// <param name="fileNumber">The file.</param>
    /// <param name="at">The time of writing.</param>
    /// <param name="ranges">The outcomes, or a part of them.</param>
    /// <param name="sets">The set names by number. They are stored in the record, because a set's number is only valid within one session.</param>
    public static void WriteSnapshot(RecordBuffer to, int fileNumber, DateTimeOffset at, List<OutcomeRange> ranges, IReadOnlyList<string> sets)
    {
        to.Begin(SnapshotKind);
        to.Number(fileNumber);
        to.Number(at.ToUnixTimeSeconds());
        to.Number(sets.Count);
        foreach (string set in sets) { to.Text(set); }
        foreach (IGrouping<ushort, OutcomeRange> group in ranges.GroupBy(range => range.Code))
        {
            to.Number(group.Key);
            to.Number(0);
            to.Number(group.Count());
            int next = 0;
            foreach (OutcomeRange range in group)
            {
                to.Number(range.First - next);
                to.Number(range.Count - 1);
                next = range.First + range.Count;
            }
        }

        to.Number(0);
        to.End();
    }

    /// <summary>Writes the file names of a commit that is about to be listed in the manifest.</summary>
    public static void WriteNames(RecordBuffer to, long commit, IReadOnlyList<string> paths)
    {
        to.Begin(NamesKind);
        to.Number(commit);
        to.Number(paths.Count);
        foreach (string path in paths) { to.Text(path); }
        to.End();
    }

    /// <summary>Writes the hashes of a commit that is about to be listed in the manifest, in as many records as needed, at least one.</summary>
    public static void WriteKeptHashes(RecordBuffer to, long commit, List<long> hashes)
    {
        for (int i = 0; i == 0 || i < hashes.Count; i += RowsOfRecord)
        {
            int end = Math.Min(hashes.Count, i + RowsOfRecord);
            to.Begin(KeptHashesKind);
            to.Number(commit);
            to.Number(end - i);
            for (int k = i; k < end; k++) { to.Fixed(hashes[k]); }
            to.End();
        }
    }

    /// <summary>Reads a record.</summary>
    /// <param name="payload">The record without its frame.</param>
    /// <exception cref="OutputRefusedException">A newer version wrote it.</exception>
    public static LedgerEntry Read(ReadOnlySpan<byte> payload)
    {
        var reader = new RecordReader(payload);
        byte kind = reader.Byte();
        return kind switch
        {
            BaseKind => ReadBase(ref reader),
            OutcomesKind or NumberedSnapshotKind or SnapshotKind or CommittedOutcomesKind => ReadOutcomes(ref reader, kind),
            KeptHashesKind => ReadKeptHashes(ref reader),
            NamesKind => new LedgerNames(reader.Number(), ReadTexts(ref reader)),
            _ => throw new OutputRefusedException($"The ledger of this output has records of kind {kind}: a newer version wrote it."),
        };
    }

    /// <summary>The file number of a record of outcomes that is not a snapshot; null for every other record.</summary>
    public static int? FileOfOutcomes(ReadOnlySpan<byte> payload)
    {
        var reader = new RecordReader(payload);
        return reader.Byte() is OutcomesKind or CommittedOutcomesKind ? (int)reader.Number() : null;
    }

    private static void WriteGroup(RecordBuffer to, ReadOnlySpan<PendingOutcome> outcomes, int start, int end)
    {
        int runs = 1;
        for (int i = start + 1; i < end; i++)
        {
            if (outcomes[i].Ordinal != outcomes[i - 1].Ordinal + 1) { runs++; }
        }

        bool hashed = outcomes[start].Hash is not null;
        to.Number(outcomes[start].Code);
        to.Number(hashed ? 1 : 0);
        to.Number(runs);
        int next = 0;
        for (int i = start; i < end;)
        {
            int stop = i + 1;
            while (stop < end && outcomes[stop].Ordinal == outcomes[stop - 1].Ordinal + 1) { stop++; }

            to.Number(outcomes[i].Ordinal - next);
            to.Number(stop - i - 1);
            next = outcomes[stop - 1].Ordinal + 1;
            i = stop;
        }

        for (int i = start; hashed && i < end; i++) { to.Fixed(outcomes[i].Hash.GetValueOrDefault()); }
    }

    private static LedgerBase ReadBase(ref RecordReader reader)
    {
        long manifest = reader.Number();
        long commit = reader.Number();
        string[] sets = ReadTexts(ref reader);
        var parts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (long left = reader.Number(); left > 0; left--)
        {
            string set = reader.Text();
            parts[set] = (int)reader.Number();
        }

        return new LedgerBase(manifest, commit, sets, parts);
    }

    private static string[] ReadTexts(ref RecordReader reader)
    {
        string[] texts = new string[reader.Number()];
        for (int i = 0; i < texts.Length; i++) { texts[i] = reader.Text(); }
        return texts;
    }

    private static LedgerOutcomes ReadOutcomes(ref RecordReader reader, byte kind)
    {
        int fileNumber = (int)reader.Number();
        long? commit = kind == CommittedOutcomesKind ? reader.Number() : null;
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(reader.Number());
        string[]? sets = kind == SnapshotKind ? ReadTexts(ref reader) : null;
        var groups = new List<LedgerGroup>();
        for (ushort code = (ushort)reader.Number(); code != 0; code = (ushort)reader.Number())
        {
            bool hashed = reader.Number() == 1;
            var ranges = new List<(int, int)>();
            int next = 0;
            int rows = 0;
            for (long left = reader.Number(); left > 0; left--)
            {
                int first = next + (int)reader.Number();
                int count = (int)reader.Number() + 1;
                ranges.Add((first, count));
                rows += count;
                next = first + count;
            }

            long[] hashes = new long[hashed ? rows : 0];
            for (int i = 0; i < hashes.Length; i++) { hashes[i] = reader.Fixed(); }
            groups.Add(new LedgerGroup(code, ranges, hashes));
        }

        return new LedgerOutcomes(fileNumber, at, kind is NumberedSnapshotKind or SnapshotKind, groups) { Commit = commit, Sets = sets };
    }

    private static LedgerKeptHashes ReadKeptHashes(ref RecordReader reader)
    {
        long commit = reader.Number();
        long[] hashes = new long[reader.Number()];
        for (int i = 0; i < hashes.Length; i++) { hashes[i] = reader.Fixed(); }
        return new LedgerKeptHashes(commit, hashes);
    }
}
