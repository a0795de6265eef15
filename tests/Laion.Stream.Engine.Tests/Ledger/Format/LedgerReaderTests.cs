using LaionStream.Engine.Ledger.Format;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.Format;

public sealed class LedgerReaderTests
{
    [Fact]
    public void TryNext_StretchOfAFile_StopsAtItsEndWhateverIsBuffered()
    {
        using var folder = new TempFolder();
        var records = new RecordBuffer();
        long[] ends = new long[5];
        using (FileStream file = File.Create(folder.At("ledger")))
        {
            for (int i = 0; i < ends.Length; i++)
            {
                records.WriteTo(file, () => LedgerCodec.WriteNames(records, i, ["en/part-00000.parquet"]));
                ends[i] = file.Length;
            }
        }

        using var reader = new LedgerReader(folder.At("ledger"), ends[0], ends[2]);
        var commits = new List<long>();
        while (reader.TryNext(out ReadOnlySpan<byte> payload)) { commits.Add(((LedgerNames)LedgerCodec.Read(payload)).Commit); }

        Assert.Equal([1, 2], commits);
        Assert.Equal(ends[2], reader.Position);
    }
}
