using System.Globalization;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Engine.Tests.Output;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Ledger;

/// <summary>
/// A run without images: input files of rows whose outcome is derived from their hash, pumped in order through a small "graph" that ends rows late and out of
/// order, into real writers and a real <see cref="RunState"/>.
/// </summary>
internal sealed class LedgerWorld(string folder, int files = 3, int rowsPerFile = 60, int seed = 1)
{
    public static readonly RunFingerprint Fingerprint = new([new FingerprintEntry("Candidates:Rules", "default", FingerprintEntry.None)]);

    private static readonly RunFingerprint WithDrops = new([new FingerprintEntry("Candidates:Rules", "default", FingerprintEntry.None), WritingFingerprint.OfDrops(new() { Drops = true })]);

    private static readonly DropReason[] Reasons = [DropReason.Timeout, DropReason.HttpStatus, DropReason.LowSimilarity, DropReason.DecodeFailed];
    private static readonly string[] Sets = ["en", "multi", "nolang"];

    private readonly List<CountedPayload> _payloads = [];

    public WritingOptions Options { get; } = new() { MaxRows = 5, RowGroupBytes = 1 << 20 };

    public LedgerTuning Tuning { get; init; } = new(TimeSpan.FromHours(1), SegmentBytes: 600);

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Rows that entered the graph in the last session.</summary>
    public List<RowKey> Admitted { get; } = [];

    /// <summary>Whether dropped rows are written.</summary>
    public bool WritesDrops { get; init; }

    /// <summary>Files of each part in addition to its rows; they come first in the manifest.</summary>
    public IReadOnlyList<PartFileKind<KeptRow>> MoreFiles { get; init; } = [];

    /// <summary>Rows of the last session whose payload has not been returned.</summary>
    public int PayloadsHeld => _payloads.Count(payload => !payload.IsGivenBack);

    public string Folder => folder;

    public IReadOnlyList<string> Inputs => [.. Enumerable.Range(0, files).Select(i => $"file{i}.wat.gz")];

    public RunState Open(IDisk? disk = null, bool again = false) =>
        RunState.Open(folder, WritesDrops ? WithDrops : Fingerprint, again ? [] : Inputs, Tuning, Clock, NullLoggerFactory.Instance, disk);

    /// <summary>Runs to the end, or to the crash that the disk simulates.</summary>
    public async Task RunAsync(IDisk? disk = null)
    {
        Admitted.Clear();
        _payloads.Clear();
        RunState state = Open(disk);
        await using (state)
        {
            await PumpAsync(state, state.InputNumbers);
            await state.FlushAsync();
        }
    }

    /// <summary>Retries the retryable drops, as <c>retry</c> does: its inputs are those recorded in the output, and half of the rows are kept.</summary>
    public async Task RetryAsync(IDisk? disk = null)
    {
        Admitted.Clear();
        _payloads.Clear();
        await using RunState state = Open(disk, again: true);
        RetryPlan plan = await state.PlanRetryAsync(new HashSet<DropReason>(), TimeSpan.Zero);
        foreach (int file in plan.FileNumbers)
        {
            await state.AskAgainAsync(plan, new HashSet<int> { file }); // in turn: the first is written to before the next is reopened
            await PumpAsync(state, [file], isRetry: true);
        }

        await state.FlushAsync();
    }

    /// <summary>Writes the summary as a verb does.</summary>
    public async Task SummariseAsync()
    {
        await using RunState state = Open(FaultDisk.Immortal());
        SummaryFile.Write(folder, SummaryFile.From("run", state.Snapshot(), new FilesSummary(files, state.Snapshot().FilesDone), Clock.GetUtcNow()));
    }

    public async Task PumpAsync(RunState state, IReadOnlyList<int> numbers, bool isRetry = false)
    {
        var dedupe = new DedupeIndex(state, CandidateRuleSet.Default);
        var writers = Sets.ToDictionary(set => set, set => CreateWriter(state, set, Options));
        DropWriter? dropped = WritesDrops ? new DropWriter(state, Options, new Dictionary<string, string>(), ScoreSchema.Standard, [], Clock) : null;
        var late = new List<(RowKey Key, long Hash)>();
        var order = new Random(seed);
        int step = 0;
        foreach (int file in numbers)
        {
            if (state.IsDone(file)) { continue; }

            for (int ordinal = 0; ordinal < rowsPerFile; ordinal++)
            {
                var key = new RowKey(file, ordinal);
                if (state.Ledger.HasOutcome(key)) { continue; }

                if (PumpOutcome(key) is { } reason)
                {
                    await RejectAsync(state, dropped, key, reason);
                }
                else if (!dedupe.TryClaim(HashOf(key), key))
                {
                    await RejectAsync(state, dropped, key, DropReason.Duplicate);
                }
                else
                {
                    state.Ledger.Admit(key);
                    Admitted.Add(key);
                    late.Add((key, HashOf(key)));
                }

                if (late.Count > 9) { await EndAsync(state, writers, dropped, late, order.Next(late.Count), isRetry); }
                if (++step % 23 == 0) { await state.FlushAsync(); }
            }

            state.Ledger.Seal(file, rowsPerFile);
        }

        while (late.Count > 0) { await EndAsync(state, writers, dropped, late, order.Next(late.Count), isRetry); }
        foreach (RowWriter writer in writers.Values) { await writer.CompleteAsync(); }
        if (dropped is not null) { await dropped.CompleteAsync(); }
    }

    public RowWriter CreateWriter(RunState state, string set, WritingOptions options) =>
        new(state, set, options, [.. MoreFiles, .. OutputFiles.Of(options, new Dictionary<string, string>(), ScoreSchema.Standard, [])], Clock);

    /// <summary>The rows that an undisturbed run keeps, and those that a <c>retry</c> after it adds.</summary>
    public IReadOnlyDictionary<RowKey, string> Expected(bool isRetried = false)
    {
        var owners = new Dictionary<long, RowKey>();
        var kept = new Dictionary<RowKey, string>();
        foreach (RowKey key in AllRows().Where(key => PumpOutcome(key) is null && owners.TryAdd(HashOf(key), key)))
        {
            if (SetOf(HashOf(key)) is { } set) { kept[key] = set; }
            else if (isRetried && OutcomeOf(HashOf(key)).IsRetryable() && RetriedSetOf(HashOf(key)) is { } late) { kept[key] = late; }
        }

        return kept;
    }

    public IEnumerable<RowKey> AllRows() => Enumerable.Range(0, files * rowsPerFile).Select(i => new RowKey(i / rowsPerFile, i % rowsPerFile));

    /// <summary>The rows in the visible part files, with their sets; throws for a row that occurs twice.</summary>
    public async Task<IReadOnlyDictionary<RowKey, string>> ReadPartsAsync()
    {
        var rows = new Dictionary<RowKey, string>();
        foreach (string set in Sets.Where(set => Directory.Exists(Path.Combine(folder, set))))
        {
            foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, set), "*.parquet"))
            {
                await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
                foreach (long id in await reader.ReadLongsAsync("SAMPLE_ID")) { rows.Add(new RowKey((int)(id >> 32), (int)id), set); }
            }
        }

        return rows;
    }

    /// <summary>A hash that several rows of several files sometimes share.</summary>
    public long HashOf(RowKey key) =>
        (long)HashTable.Mix(new Random((seed * 7919) + (key.FileNumber * 1009) + key.Ordinal).Next(files * rowsPerFile * 2 / 3) + 1L);

    private DropReason? PumpOutcome(RowKey key) => (((key.FileNumber * 31) + (key.Ordinal * 17)) % 5) switch
    {
        0 => DropReason.NoAlt,
        1 when key.Ordinal % 3 == 0 => DropReason.BadUrl,
        _ => null,
    };

    private static string? SetOf(long hash) => (ulong)hash % 3 == 0 ? Sets[(int)((ulong)hash / 3 % 3)] : null;

    private static string? RetriedSetOf(long hash) => (ulong)hash / 2 % 2 == 0 ? Sets[(int)((ulong)hash / 4 % 3)] : null;

    public static DropOutcome OutcomeOf(long hash) => Reasons[(int)((ulong)hash / 9 % 4)] is var reason && reason == DropReason.HttpStatus
        ? new DropOutcome(reason, 400 + (int)((ulong)hash % 200))
        : new DropOutcome(reason);

    /// <summary>The current drops of an undisturbed run, or of a <c>retry</c> after it, and at which attempt each was dropped.</summary>
    public IReadOnlyDictionary<RowKey, (DropOutcome Outcome, int Attempt)> ExpectedDrops(bool isRetried = false)
    {
        IReadOnlyDictionary<RowKey, string> kept = Expected(isRetried);
        var owners = new Dictionary<long, RowKey>();
        var dropped = new Dictionary<RowKey, (DropOutcome, int)>();
        foreach (RowKey key in AllRows())
        {
            DropOutcome outcome = PumpOutcome(key) is { } reason ? new DropOutcome(reason)
                : !owners.TryAdd(HashOf(key), key) ? new DropOutcome(DropReason.Duplicate) : OutcomeOf(HashOf(key));
            bool again = isRetried && outcome.IsRetryable();
            if (!kept.ContainsKey(key)) { dropped[key] = again ? (new DropOutcome(DropReason.HttpStatus, 404), 2) : (outcome, 1); }
        }

        return dropped;
    }

    /// <summary>The rows in the visible files of dropped rows, by row and attempt; throws for one that occurs twice.</summary>
    public async Task<IReadOnlyDictionary<(RowKey Key, int Attempt), DropOutcome>> ReadDroppedAsync()
    {
        var rows = new Dictionary<(RowKey, int), DropOutcome>();
        if (!Directory.Exists(Path.Combine(folder, DropWriter.Folder))) { return rows; }

        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, DropWriter.Folder), "*.parquet"))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
            {
                Dictionary<string, object?> values = row.ToDictionary();
                long id = (long)values["SAMPLE_ID"]!;
                Assert.True(DropReasonNames.TryParse((string)values["reason"]!, out DropReason reason));
                rows.Add((new RowKey((int)(id >> 32), (int)id), (int)values["attempt"]!), new DropOutcome(reason, (int?)values["status"] ?? 0));
            }
        }

        return rows;
    }

    private static async Task RejectAsync(RunState state, DropWriter? dropped, RowKey key, DropReason reason)
    {
        if (dropped is null)
        {
            state.Ledger.Reject(key, new DropOutcome(reason));
            return;
        }

        state.Ledger.Hold(key, reason);
        await dropped.WriteAsync(dropped.Of(new RejectedLink(key, "http://example.org/?", null, null, $"file{key.FileNumber}"), new DropOutcome(reason)), default);
    }

    private async Task EndAsync(
        RunState state, Dictionary<string, RowWriter> writers, DropWriter? dropped, List<(RowKey Key, long Hash)> late, int which, bool isRetry)
    {
        (RowKey key, long hash) = late[which];
        late.RemoveAt(which);
        if ((isRetry ? RetriedSetOf(hash) : SetOf(hash)) is { } set)
        {
            await writers[set].WriteAsync(new KeptRow(key, set, RowOf(key, hash), PayloadOf(key)), CancellationToken.None);
        }
        else
        {
            DropOutcome outcome = isRetry ? new DropOutcome(DropReason.HttpStatus, 404) : OutcomeOf(hash);
            if (dropped is null) { state.Ledger.Drop(key, outcome); }
            else
            {
                var candidate = new Candidate(key, $"http://example.org/{hash}", "a caption", "?", null, $"file{key.FileNumber}", hash);
                await dropped.WriteAsync(dropped.Of(candidate, outcome), CancellationToken.None);
            }
        }
    }

#pragma warning disable CA1859 // one of two types
    private IDisposable PayloadOf(RowKey key)
#pragma warning restore CA1859
    {
        _payloads.Add(new CountedPayload());
        if (Options.Embeddings == KeptVectors.None && Options.Images == KeptPictures.None) { return _payloads[^1]; }

        return new RowPayload(new StoredPicture(PictureOf(key), "jpg", 3, 2, _payloads[^1]), VectorOf(key, 1), VectorOf(key, 2));
    }

    /// <summary>A vector that identifies its row: file, ordinal, and whether it is the picture's (1) or the caption's (2).</summary>
    public static Half[] VectorOf(RowKey key, int which) => [(Half)key.FileNumber, (Half)key.Ordinal, (Half)which];

    /// <summary>Bytes that tell whose picture they are.</summary>
    public static byte[] PictureOf(RowKey key) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"picture {key.SampleId}"));

    public static SampleRow RowOf(RowKey key, long hash) => new()
    {
        SampleId = key.SampleId,
        Url = $"http://example.org/{hash}",
        Text = "a caption",
        License = "?",
        Language = "en",
        Hash = hash,
        Source = $"file{key.FileNumber}",
        Ordinal = key.Ordinal,
        Fetch = new FetchFacts("", DateTimeOffset.UnixEpoch),
        Picture = new PictureFacts(1, 1, "", ""),
        Scores = Scores.None,
    };
}
