using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>The records of forced ends, and closing the ledger from outside a run that does not end.</summary>
public sealed class SuspectTests : IDisposable
{
    private static readonly SuspectNote Note = new(2, 17, "decode", "signal", DateTimeOffset.UnixEpoch, 31.5, 30, false, "in.wat.gz");

    private readonly TempFolder _folder = new();
    private readonly LocalDisk _disk = new();

    private string File => Path.Combine(_folder.Root, "suspects.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AppendedNotes_AreReadBackInOrder()
    {
        Assert.Empty(SuspectFile.Read(_disk, _folder.Root));
        Assert.False(System.IO.File.Exists(File));

        SuspectNote second = Note with { Ordinal = 18, Alone = true, Input = null };
        SuspectFile.Append(_disk, _folder.Root, [Note]);
        SuspectFile.Append(_disk, _folder.Root, [second, Note]);
        Assert.Equal([Note, second, Note], SuspectFile.Read(_disk, _folder.Root));
    }

    [Fact]
    public void Read_TornLastLine_IsTruncatedSoThatTheNextNoteIsIntact()
    {
        SuspectFile.Append(_disk, _folder.Root, [Note, Note]);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = whole.Length / 2; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal([Note], SuspectFile.Read(_disk, _folder.Root));
            SuspectFile.Append(_disk, _folder.Root, [Note]);
            Assert.Equal([Note, Note], SuspectFile.Read(_disk, _folder.Root));
        }
    }

    [Fact]
    public void Read_LinesOfAnotherVersion_AreTakenAsFarAsTheyAreUnderstood()
    {
        System.IO.File.WriteAllText(File, """
            {"shard":2,"ordinal":17,"stage":"decode","why":"signal","at":"1970-01-01T00:00:00+00:00","worked":31.5,"limit":30,"alone":false,"input":"in.wat.gz","sha256":"00","child":{"signal":11}}
            {"something":"else"}
            no JSON

            """.ReplaceLineEndings("\n"));
        Assert.Equal([Note], SuspectFile.Read(_disk, _folder.Root));
    }

    [Theory]
    [InlineData("decode", false, 31.5, true, false)] // others were in the stage: one of them may have blocked it
    [InlineData("decode", true, 29.0, true, false)] // ended before its time was up: it might have returned
    [InlineData("decode", true, 31.5, true, true)]
    [InlineData("gpu 0", true, 31.5, false, false)]
    public void Rules_OneNote_MakesASuspectAndPoisonOnlyOfARowThatOutlivedItsLimitAlone(string stage, bool alone, double worked, bool suspect, bool poison)
    {
        SuspectNote[] notes = [Note with { Stage = stage, Alone = alone, Worked = worked }];
        Assert.Equal(suspect ? [Note.Key] : [], SuspectRules.Suspects(notes, "decode"));
        Assert.Equal(poison ? [Note.Key] : [], SuspectRules.Poison(notes, "decode"));
    }

    [Fact]
    public void Rules_ManyNotesOfOneRowNotAlone_NeverMakePoison()
    {
        SuspectNote[] notes = [.. Enumerable.Repeat(Note, 50)];
        Assert.Equal([Note.Key], SuspectRules.Suspects(notes, "decode"));
        Assert.Empty(SuspectRules.Poison(notes, "decode"));
    }

    [Fact]
    public async Task TryClose_NothingInProgress_OutcomesAreDurableAndNothingFollows()
    {
        var world = new LedgerWorld(_folder.Root);
        var key = new RowKey(0, 0);
        RunState state = world.Open();
        state.Ledger.Admit(key);
        state.Ledger.Drop(key, new DropOutcome(DropReason.DecodeFailed));
        Assert.True(state.TryClose(TimeSpan.Zero));

        state.Ledger.Admit(new RowKey(0, 1));
        state.Ledger.Drop(new RowKey(0, 1), new DropOutcome(DropReason.DecodeFailed)); // by a stage that does return
        Assert.False(state.TryClose(TimeSpan.Zero));
        state.NoteSuspects([Note]);
        await state.DisposeAsync();

        await using RunState next = world.Open();
        Assert.True(next.Ledger.HasOutcome(key));
        Assert.False(next.Ledger.HasOutcome(new RowKey(0, 1)));
        Assert.Equal([Note], next.Suspects);
    }

    [Fact]
    public async Task TryClose_FlushInProgress_IsNotDisturbed()
    {
        using var disk = new SlowDisk();
        await using RunState state = new LedgerWorld(_folder.Root).Open(disk);
        state.Ledger.Admit(new RowKey(0, 0));
        state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.DecodeFailed));
        disk.Hold = true;
        Task flushing = Task.Run(async () => await state.FlushAsync());
        Assert.True(disk.Reached.Wait(TimeSpan.FromSeconds(30)));

        Assert.False(state.TryClose(TimeSpan.FromMilliseconds(50)));
        disk.Hold = false;
        disk.Release.Set();
        await flushing.WaitAsync(TimeSpan.FromSeconds(30));
        await state.FlushAsync(); // nothing was closed
    }

    /// <summary>A disk whose flush blocks until it is released.</summary>
    private sealed class SlowDisk : IDisk, IDisposable
    {
        private readonly LocalDisk _inner = new();

        public bool Hold { get; set; }

        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public Stream Create(string path) => _inner.Create(path);

        public Stream Append(string path) => _inner.Append(path);

        public void Flush(Stream stream)
        {
            if (Hold)
            {
                Reached.Set();
                Release.Wait();
            }

            _inner.Flush(stream);
        }

        public void FlushFiles(string folder) => _inner.FlushFiles(folder);

        public void Rename(string from, string to) => _inner.Rename(from, to);

        public void Delete(string path) => _inner.Delete(path);

        public void Truncate(string path, long length) => _inner.Truncate(path, length);

        public void FlushFolder(string path) => _inner.FlushFolder(path);

        public void Dispose()
        {
            Reached.Dispose();
            Release.Dispose();
        }
    }
}
