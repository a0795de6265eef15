using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// An index of where the ledger and the manifest mention given input files, so that one file's outcomes can be read without the others'. Its memory grows with
/// the files, not with the rows: nearby records of a file in one segment form one chunk, and records of other files inside it are skipped when it is read.
/// </summary>
internal sealed class StateIndex
{
    private const long NearBytes = 256 << 10;

    private readonly Dictionary<int, List<Chunk>> _ledger = [];
    private readonly Dictionary<int, List<long>> _manifest = [];
    private readonly HashSet<long> _dropped = []; // commits of dropped rows
    private readonly string _state;

    private StateIndex(string stateFolder) => _state = stateFolder;

    /// <summary>Whether the output has parts of dropped rows.</summary>
    public bool HasDropped => _dropped.Count > 0;

    private string ManifestPath => Path.Combine(_state, "manifest.jsonl");

    /// <summary>Reads the whole ledger and manifest once.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder; anything appended later is not indexed.</param>
    /// <param name="fileNumbers">The input files.</param>
    /// <exception cref="OutputRefusedException">A closed segment is damaged.</exception>
    public static StateIndex Of(string stateFolder, IReadOnlySet<int> fileNumbers)
    {
        var index = new StateIndex(stateFolder);
        int last = LedgerFile.LastSegment(stateFolder);
        for (int segment = 1; segment <= last; segment++) { index.AddSegment(segment, segment < last, fileNumbers); }

        foreach ((long at, ManifestEntry entry) in ManifestReader.ReadPlaced(index.ManifestPath))
        {
            if (entry.Dropped > 0) { index._dropped.Add(entry.Commit); }
            foreach (int fileNumber in entry.RowsByFile.Keys.Where(fileNumbers.Contains)) { ListOf(index._manifest, fileNumber).Add(at); }
        }

        return index;
    }

    /// <summary>Outcomes of rows of some of the files, in the order they were written; snapshots are not included.</summary>
    public IEnumerable<LedgerOutcomes> Outcomes(IReadOnlySet<int> fileNumbers)
    {
        Chunk[] chunks = [.. fileNumbers.SelectMany(fileNumber => _ledger.GetValueOrDefault(fileNumber) ?? []).OrderBy(chunk => chunk.Segment)
            .ThenBy(chunk => chunk.From)];
        (int segment, long read) = (0, 0L);
        foreach (Chunk chunk in chunks)
        {
            if (chunk.Segment != segment) { (segment, read) = (chunk.Segment, 0); }
            if (chunk.To <= read) { continue; } // chunks of different files may overlap

            using var reader = new LedgerReader(LedgerFile.PathOf(_state, segment), Math.Max(read, chunk.From), chunk.To);
            while (Next(reader, fileNumbers, out LedgerOutcomes? outcomes))
            {
                if (outcomes is not null && (outcomes.Commit is not { } commit || _dropped.Contains(commit))) { yield return outcomes; }
            }

            read = chunk.To;
        }
    }

    /// <summary>Commits with rows of some of the files, in the order they were written.</summary>
    public IEnumerable<ManifestEntry> Commits(IReadOnlySet<int> fileNumbers) =>
        fileNumbers.SelectMany(fileNumber => _manifest.GetValueOrDefault(fileNumber) ?? []).Distinct().Order()
            .SelectMany(at => ManifestReader.Read(ManifestPath, at).Take(1));

    private static bool Next(LedgerReader reader, IReadOnlySet<int> fileNumbers, out LedgerOutcomes? outcomes)
    {
        outcomes = null;
        if (!reader.TryNext(out ReadOnlySpan<byte> payload)) { return false; }
        if (LedgerCodec.FileOfOutcomes(payload) is { } fileNumber && fileNumbers.Contains(fileNumber)) { outcomes = (LedgerOutcomes)LedgerCodec.Read(payload); }
        return true;
    }

    private void AddSegment(int segment, bool isClosed, IReadOnlySet<int> fileNumbers)
    {
        string path = LedgerFile.PathOf(_state, segment);
        using var reader = new LedgerReader(path);
        for (long from = 0; reader.TryNext(out ReadOnlySpan<byte> payload); from = reader.Position)
        {
            if (LedgerCodec.FileOfOutcomes(payload) is not { } fileNumber || !fileNumbers.Contains(fileNumber)) { continue; }

            List<Chunk> chunks = ListOf(_ledger, fileNumber);
            if (chunks.Count > 0 && chunks[^1] is var near && near.Segment == segment && from - near.To <= NearBytes)
            {
                chunks[^1] = near with { To = reader.Position };
            }
            else { chunks.Add(new Chunk(segment, from, reader.Position)); }
        }

        if (isClosed && reader.Position < reader.Length)
        {
            throw new OutputRefusedException($"'{path}' is damaged at byte {reader.Position}: this output cannot be read.");
        }
    }

    private static List<T> ListOf<T>(Dictionary<int, List<T>> lists, int fileNumber)
    {
        if (!lists.TryGetValue(fileNumber, out List<T>? list)) { lists[fileNumber] = list = []; }
        return list;
    }

    private readonly record struct Chunk(int Segment, long From, long To);
}
