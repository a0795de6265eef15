using System.Buffers.Binary;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Tests.Download;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>Ledgers larger than an array can be, and drops that are too many for memory.</summary>
[Collection(AllocationCollection.Name)] // measures the heap of the whole process
public sealed class LargeLedgerTests
{
    private static readonly RunFingerprint Fingerprint = LedgerWorld.Fingerprint;

    [Fact]
    public async Task Open_SegmentAbove2GiB_IsReadAndAppendedToAndClosed()
    {
        using var folder = new TempFolder();
        await using (RunState state = Open(folder, 1L << 32))
        {
            state.Ledger.Reject(new RowKey(0, 0), new DropOutcome(DropReason.NoAlt));
            await state.FlushAsync();
        }

        long bytes = GrowBeyond(folder.At("state/ledger-000001.log"), 2200L << 20);
        Assert.True(bytes > 1L << 31);
        await using (RunState state = Open(folder, 1L << 32))
        {
            Assert.Equal(bytes, state.SegmentBytes);
            Assert.True(state.Ledger.HasOutcome(new RowKey(0, 0)));
            Assert.True(state.TryClaim(7, new RowKey(0, 1)));
            state.Ledger.Admit(new RowKey(0, 1));
            state.Ledger.Drop(new RowKey(0, 1), new DropOutcome(DropReason.Timeout));
            state.Ledger.Seal(0, 2);
            await state.FlushAsync();
            Assert.True(state.SegmentBytes > bytes);
        }

        await using (RunState state = Open(folder, 4096))
        {
            Assert.True(state.IsDone(0));
            Assert.False(state.TryClaim(7, new RowKey(1, 0)));
            RetryPlan plan = await state.PlanRetryAsync(new HashSet<DropReason>(), TimeSpan.Zero);
            Assert.Equal([0], plan.FileNumbers);
            await state.AskAgainAsync(plan, new HashSet<int> { 0 });
            Assert.False(state.Ledger.HasOutcome(new RowKey(0, 1)));
            await state.FlushAsync(); // starts the next segment, and writes the large one's run of hashes
        }

        await using RunState last = Open(folder, 4096);
        Assert.Equal(2, last.Snapshot().Links);
        Assert.False(last.TryClaim(7, new RowKey(1, 0)));
    }

    [Fact]
    public void Build_SegmentWithMoreHashesThanASpanHasBytes_MakesTheRun()
    {
        // 2 GiB of hashes are 268 million; only the pieces in which a run is written matter, so a few pieces suffice.
        using var folder = new TempFolder();
        var disk = new LocalDisk();
        var records = new RecordBuffer();
        long[] hashes = [.. Enumerable.Range(0, 3_000_000).Select(i => (long)HashTable.Mix(i))];
        LedgerFile.Begin(disk, folder.Root, 1, records, () =>
        {
            LedgerCodec.WriteBase(records, new LedgerBase(0, 0, [], new Dictionary<string, int>()));
            LedgerCodec.WriteKeptHashes(records, 0, [.. hashes]);
        }).Dispose();

        using HashRun run = new HashRunBuilder(disk, folder.Root).Build(1, commit => commit == 0);

        Assert.Equal(hashes.Length, run.Count);
        Assert.All(hashes.Where((_, i) => i % 1000 == 0), hash => Assert.True(run.Contains(HashTable.Mix(hash))));
        Assert.Equal(4, LedgerFile.Read(folder.Root, 1, isClosed: true).Count()); // no record is larger than a million rows
    }

    [Fact]
    public async Task Retry_MillionsOfDrops_MemoryIsThatOfTheFilesBeingRead()
    {
        using var folder = new TempFolder();
        int files = 20;
        int rows = 200_000;
        string[] inputs = [.. Enumerable.Range(0, files).Select(i => $"file{i}")];
        await using (RunState state = Open(folder, 8 << 20, inputs))
        {
            for (int file = 0; file < files; file++)
            {
                for (int ordinal = 0; ordinal < rows; ordinal++)
                {
                    // No outcome equals the ones beside it, so that nothing is stored as a range.
                    state.Ledger.Admit(new RowKey(file, ordinal));
                    state.Ledger.Drop(new RowKey(file, ordinal), new DropOutcome(DropReason.HttpStatus, 500 + (ordinal % 3)));
                }

                state.Ledger.Seal(file, rows);
                await state.FlushAsync();
            }
        }

        await using RunState again = Open(folder, 8 << 20, []);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        RetryPlan plan = await again.PlanRetryAsync(new HashSet<DropReason>(), TimeSpan.Zero);
        long planned = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(files, plan.FileNumbers.Count);

        var held = new List<long>();
        foreach (int file in plan.FileNumbers)
        {
            await again.AskAgainAsync(plan, new HashSet<int> { file });
            held.Add(GC.GetTotalMemory(forceFullCollection: true) - before);
            for (int ordinal = 0; ordinal < rows; ordinal++)
            {
                again.Ledger.Admit(new RowKey(file, ordinal));
                again.Ledger.Drop(new RowKey(file, ordinal), new DropOutcome(DropReason.HttpStatus, 404));
            }

            again.Ledger.Seal(file, rows);
            await again.FlushAsync();
        }

        Assert.True(planned < 1 << 20, $"{planned} bytes to plan {files * rows} rows");

        // The middle one: it would grow like any other if outcomes of earlier files stayed, and temporary memory of this process does not affect it.
        long usual = held.Order().ElementAt(files / 2);
        Assert.True(usual < 20 << 20, $"{usual} bytes for a file of {rows} rows among {files * rows}");
        Assert.Equal(files * rows, again.Snapshot().Dropped[DropReason.HttpStatus]);
        Assert.Empty((await again.PlanRetryAsync(new HashSet<DropReason>(), TimeSpan.Zero)).FileNumbers);
    }

    private static RunState Open(TempFolder folder, long segment, IReadOnlyList<string>? inputs = null) =>
        RunState.Open(folder.Root, Fingerprint, inputs
            ?? ["x", "y"], new LedgerTuning(TimeSpan.FromHours(1), segment), TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>Appends records of a commit that never happened; their hashes are zeros, which the file system need not store.</summary>
    private static long GrowBeyond(string path, long bytes)
    {
        byte[] payload = new byte[8 + (8 << 20)];
        payload[0] = 4;
        payload[1] = 99;
        WriteNumber(payload.AsSpan(2), 1 << 20);
        int length = 2 + 3 + (8 << 20);
        byte[] head = new byte[8 + 5];
        BinaryPrimitives.WriteInt32LittleEndian(head, length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), RecordBuffer.Crc(payload.AsSpan(0, length)));
        payload.AsSpan(0, 5).CopyTo(head.AsSpan(8));
        using FileStream file = File.OpenWrite(path);
        long end = file.Length;
        for (; end < bytes; end += 8 + length)
        {
            file.Position = end;
            file.Write(head);
        }

        file.SetLength(end);
        return end;
    }

    private static void WriteNumber(Span<byte> to, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to[0] = (byte)(value | 0x80);
            to = to[1..];
        }

        to[0] = (byte)value;
    }
}
