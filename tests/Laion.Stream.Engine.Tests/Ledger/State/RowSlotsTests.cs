using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

public sealed class RowSlotsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Root, "decode.slots");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhileOthersEnterAndLeave_TheRowsInside()
    {
        using var slots = new RowSlots(File);
        int first = slots.Enter(new RowKey(0, 7));
        slots.Enter(new RowKey(3, int.MaxValue));
        slots.Leave(first);
        slots.Enter(new RowKey(1, 8));

        Assert.Equal([new RowKey(1, 8), new RowKey(3, int.MaxValue)], RowSlots.Read(File)); // the first slot is used again
    }

    [Fact]
    public void Enter_MoreRowsThanSlots_TheOthersAreNotNoted()
    {
        using var slots = new RowSlots(File);
        int[] taken = [.. Enumerable.Range(0, RowSlots.Count).Select(i => slots.Enter(new RowKey(0, i)))];

        Assert.Equal(RowSlots.Count, taken.Distinct().Count());
        Assert.Equal(-1, slots.Enter(new RowKey(1, 0)));
        slots.Leave(-1);
        Assert.Equal(RowSlots.Count, RowSlots.Read(File).Count);
        foreach (int slot in taken) { slots.Leave(slot); }
        Assert.Empty(RowSlots.Read(File));
    }

    [Fact]
    public async Task Enter_ManyWorkers_NoTwoHaveASlot()
    {
        using var slots = new RowSlots(File);
        int[] inside = new int[RowSlots.Count];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                int slot = slots.Enter(new RowKey(worker, i));
                Assert.Equal(1, Interlocked.Increment(ref inside[slot]));
                Interlocked.Decrement(ref inside[slot]);
                slots.Leave(slot);
            }
        })));

        Assert.Empty(RowSlots.Read(File));
    }

    [Fact]
    public void Leave_AfterTheEndOfTheRun_LeavesTheRowNoted()
    {
        var slots = new RowSlots(File);
        int slot = slots.Enter(new RowKey(0, 7));
        slots.Dispose();
        slots.Leave(slot); // a stage that returned too late

        Assert.Equal([new RowKey(0, 7)], RowSlots.Read(File));
    }

    [Fact]
    public void Clear_AnotherProcessHasItMapped_ItsDataStays()
    {
        using var other = new RowSlots(File);
        RowSlots.Clear(File);
        using var slots = new RowSlots(File);
        other.Enter(new RowKey(0, 7)); // into the file that it has; of one that was cut short this would be a SIGBUS
        slots.Enter(new RowKey(0, 8));

        Assert.Equal([new RowKey(0, 8)], RowSlots.Read(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("LAIONSL1")]
    [InlineData("something else that is longer than a slot of sixty-four bytes, and one more of them is here: 0123456789")]
    public void Read_NoSuchFile_NoRows(string text)
    {
        Assert.Empty(RowSlots.Read(File));
        System.IO.File.WriteAllText(File, text);
        Assert.Empty(RowSlots.Read(File));
    }

    [Fact]
    public void Poison_AppendedLines_AreReadBackAndAnotherVersionsLinesAreNot()
    {
        PoisonNote note = new(2, 17, "signal", "SIGSEGV", new string('a', 64), 12345, DateTimeOffset.UnixEpoch, "in.wat.gz");
        PoisonFile.Append(new LocalDisk(), _folder.Root, note);
        System.IO.File.AppendAllText(Path.Combine(_folder.Root, "poison.jsonl"), "{\"shard\":1}\nno JSON\n");
        PoisonFile.Append(new LocalDisk(), _folder.Root, note with { Why = "time", Signal = null });

        Assert.Equal([note, note with { Why = "time", Signal = null }], PoisonFile.Read(new LocalDisk(), _folder.Root));
    }

    [Fact]
    public async Task Open_RowsInTheSlotsOfADeadProcess_AreNotedOnceAndTheSlotsCleared()
    {
        var world = new LedgerWorld(_folder.Root);
        await using (world.Open()) { }
        string state = Path.Combine(_folder.Root, "state");
        for (int death = 0; death < 3; death++)
        {
            using (var slots = new RowSlots(Path.Combine(state, "decode.slots")))
            {
                slots.Enter(new RowKey(0, 5));
                slots.Enter(new RowKey(99, 1)); // no such input: never a row of this output
            }

            await using RunState opened = world.Open();
            SuspectNote suspect = Assert.Single(opened.Suspects);
            Assert.Equal((new RowKey(0, 5), "decode", "died", false), (suspect.Key, suspect.Stage, suspect.Why, suspect.Alone));
            Assert.Empty(RowSlots.Read(Path.Combine(state, "decode.slots")));
        }
    }
}
