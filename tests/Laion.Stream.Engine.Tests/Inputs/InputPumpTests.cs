using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Tests.Download;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Tests.Inputs;

public sealed class InputPumpTests
{
    private readonly Ledger _ledger = new();
    private readonly Reader _reader = new();
    private readonly Dictionary<long, RowKey> _owners = [];
    private readonly BufferBlock<Candidate> _graph = new();
    private readonly ListedLogs _logs = new();

    [Fact]
    public async Task Pump_WholeFile_EveryLinkEndsOnceAndTheFileIsSealed()
    {
        _reader.Page(DropReason.None, DropReason.NoAlt, DropReason.None);
        _reader.Page(DropReason.BadUrl, DropReason.None);

        Assert.True(await CreatePump().PumpAsync(new InputFile(7, "x.wat"), default, default));
        Assert.Equal([0, 2, 4], Ordinals(_ledger.Admitted));
        Assert.Equal([(1, DropReason.NoAlt), (3, DropReason.BadUrl)], _ledger.Rejected.Select(r => (r.Key.Ordinal, r.Reason)));
        Assert.Equal((7, 5L), _ledger.Sealed);
        Assert.Equal(3, _graph.Count);
    }

    [Fact]
    public async Task Pump_FileWithoutContentOfItsKind_CountsAsNotRead()
    {
        _reader.Missing = "metadata record of a WAT";

        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => CreatePump()
            .PumpAsync(new InputFile(7, "https://me:secret@h.example/x.wat?sig=secret"), default, default));

        Assert.Equal("'https://h.example/x.wat' holds no metadata record of a WAT: it counts as not read.", e.Message);
        Assert.Null(_ledger.Sealed);
    }

    [Fact]
    public async Task Pump_DamagedFile_SaysWhereTheFirstDamageIs()
    {
        _reader.Page(DropReason.None);
        _reader.Damage = "row group 2 of 3: a page ends too early";

        await CreatePump().PumpAsync(new InputFile(7, "x.parquet"), default, default);

        string line = Assert.Single(_logs.Lines, line => line.Contains("damaged", StringComparison.Ordinal));
        Assert.Equal($"Input file 7 is damaged: x.parquet: 1 members skipped, 0 records not parsed, truncated: False; first: {_reader.Damage}", line);
    }

    [Theory]
    [InlineData("https://me:secret@h.example/dir/x.wat.gz?sig=a/secret", "x.wat.gz")]
    [InlineData("https://h.example/dir/x.wat.gz#part/1", "x.wat.gz")]
    [InlineData("https://me:a@secret@h.example/x.wat.gz", "x.wat.gz")]
    [InlineData("/data/what?/x.wat.gz", "x.wat.gz")]
    public void Name_SignedAddress_HoldsNoSecret(string location, string expected) => Assert.Equal(expected, new InputFile(0, location).Name);

    [Fact]
    public async Task Pump_HashOwnedByAnother_IsADuplicate()
    {
        _reader.Page(DropReason.None, DropReason.None);
        _owners[1] = new RowKey(0, 99);
        await CreatePump().PumpAsync(new InputFile(7, "x.wat"), default, default);

        Assert.Equal([0], Ordinals(_ledger.Admitted));
        Assert.Equal((1, DropReason.Duplicate), _ledger.Rejected.Select(r => (r.Key.Ordinal, r.Reason)).Single());
    }

    [Fact]
    public async Task Pump_SettledRow_IsNeitherAdmittedNorCountedAgain()
    {
        _reader.Page(DropReason.None, DropReason.None, DropReason.NoAlt);
        _ledger.Settled.Add(new RowKey(7, 0));
        _ledger.Settled.Add(new RowKey(7, 2));
        await CreatePump().PumpAsync(new InputFile(7, "x.wat"), default, default);

        Assert.Equal([1], Ordinals(_ledger.Admitted));
        Assert.Empty(_ledger.Rejected);
        Assert.Equal((7, 3L), _ledger.Sealed);
    }

    [Fact]
    public async Task Pump_Stopped_DoesNotSeal()
    {
        using var stop = new CancellationTokenSource();
        _reader.Page(DropReason.None, DropReason.None);
        _reader.Page(DropReason.None);
        _reader.BeforeSecondPage = stop.Cancel;

        Assert.False(await CreatePump().PumpAsync(new InputFile(7, "x.wat"), stop.Token, default));
        Assert.Equal([0, 1], Ordinals(_ledger.Admitted));
        Assert.Null(_ledger.Sealed);
    }

    [Fact]
    public async Task Pump_GraphEnded_Throws()
    {
        _reader.Page(DropReason.None);
        _graph.Complete();

        await Assert.ThrowsAsync<GraphEndedException>(() => CreatePump().PumpAsync(new InputFile(7, "x.wat"), default, default));
    }

    private static IEnumerable<int> Ordinals(IEnumerable<RowKey> keys) => keys.Select(key => key.Ordinal);

    private InputPump CreatePump() =>
        new((file, _, _) => ValueTask.FromResult(file), (_, _) => { }, (_, _) => ValueTask.FromResult<ICandidateReader>(_reader),
            row => _owners.TryAdd(row.Hash, row.Key) || _owners[row.Hash] == row.Key, _ledger, _graph, TimeProvider.System, new Logger<InputPump>(_logs), new InputProgress());

    private sealed class Reader : ICandidateReader
    {
        private readonly List<DropReason[]> _pages = [];

        public Action? BeforeSecondPage { get; set; }

        public string? Missing { get; set; }

        public string? Damage { get; set; }

        public void Page(params DropReason[] outcomes) => _pages.Add(outcomes);

        public async IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, [EnumeratorCancellation] CancellationToken stop)
        {
            health.Missing = Missing;
            if (Damage is not null) { health.SkipMember(Damage); }
            var page = new PageLinks();
            int ordinal = 0;
            foreach (DropReason[] outcomes in _pages)
            {
                if (ordinal > 0) { BeforeSecondPage?.Invoke(); }
                await Task.Yield();
                stop.ThrowIfCancellationRequested();
                page.Reset(ordinal);
                foreach (DropReason outcome in outcomes)
                {
                    var key = new RowKey(file.Number, ordinal);
                    page.Add(new LinkOutcome(outcome, outcome == DropReason.None
                        ? new Candidate(key, "http://h/" + ordinal, "text", "?", null, file.Name, ordinal)
                        : null));
                    ordinal++;
                }

                yield return page;
            }
        }
    }

    private sealed class Ledger : IRowLedger
    {
        public HashSet<RowKey> Settled { get; } = [];

        public List<RowKey> Admitted { get; } = [];

        public List<(RowKey Key, DropReason Reason)> Rejected { get; } = [];

        public List<RowKey> Held { get; } = [];

        public (int FileNumber, long Read)? Sealed { get; private set; }

        public bool HasOutcome(RowKey key) => Settled.Contains(key);

        public void Admit(RowKey key) => Admitted.Add(key);

        public void Reject(RowKey key, DropOutcome outcome) => Rejected.Add((key, outcome.Reason));

        public void Hold(RowKey key, DropReason reason) => Held.Add(key);

        public void Seal(int fileNumber, long read) => Sealed = (fileNumber, read);

        public void Drop(RowKey key, DropOutcome outcome) => throw new InvalidOperationException("The pump drops nothing.");
    }
}
