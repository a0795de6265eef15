using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Tests.Ledger.Format;

/// <summary>The ledger keeps which signal excluded a row.</summary>
public sealed class OptOutCodeTests
{
    public static TheoryData<OptOutSignal> Signals => [.. OptOutSignals.All];

    [Theory]
    [MemberData(nameof(Signals))]
    public void Of_OptOut_IsReadBackWithItsSignal(OptOutSignal signal)
    {
        ushort code = OutcomeCode.WithOwner(OutcomeCode.Of(signal.Outcome()));

        Assert.Equal(signal.Outcome(), OutcomeCode.Drop(code));
        Assert.True(OutcomeCode.IsOutcome(code) && OutcomeCode.IsOwner(code));
        Assert.Equal(-1, OutcomeCode.KeptSet(code));
        Assert.True(OptOutSignals.TryParse(signal.Name(), out OptOutSignal parsed));
        Assert.Equal(signal, parsed);
    }

    [Fact]
    public void Of_OptOutWithoutASignal_IsTheReasonAsBefore()
    {
        Assert.Equal((ushort)DropReason.HeaderOptOut, OutcomeCode.Of(new DropOutcome(DropReason.HeaderOptOut)));
        Assert.Equal((ushort)DropReason.Timeout, OutcomeCode.Of(new DropOutcome(DropReason.Timeout, 3)));
        Assert.Equal(new DropOutcome(DropReason.HttpStatus, 999), OutcomeCode.Drop(OutcomeCode.Of(new DropOutcome(DropReason.HttpStatus, 999))));
    }

    [Fact]
    public void Drop_SignalOfALaterVersion_IsStillAnOptOut() => Assert.Equal(DropReason.HeaderOptOut, OutcomeCode.Drop(0x4000 + 99).Reason);

    [Fact]
    public void Add_CodesAndDoneLines_CountSignalsApart()
    {
        var counts = new OutcomeCounts();
        counts.Add(OutcomeCode.Of(OptOutSignal.ContentUsage.Outcome()), 3);
        counts.Add(OutcomeCode.Of(new DropOutcome(DropReason.HeaderOptOut)));
        byte[] line = DoneLines.Write(new DoneLine(1, true, 2, 2, new() { ["page_opt_out"] = 2 }, [], new() { ["page_robots"] = 2 }));
        counts.Add(DoneLines.Read(line)!, _ => 0);
        counts.Add(OutcomeCode.Of(OptOutSignal.ContentUsage.Outcome()), -1);

        Assert.Equal([(OptOutSignal.ContentUsage, 2L), (OptOutSignal.PageRobots, 2L)], counts.OptOuts());
        Assert.Equal([(DropReason.PageOptOut, 2L), (DropReason.HeaderOptOut, 3L)], counts.Dropped());
    }

    [Fact]
    public void Read_DoneLineOfAnEarlierVersion_HasNoSignals() =>
        Assert.Null(DoneLines.Read("""{"shard":1,"done":true,"links":2,"candidates":2,"dropped":{"page_opt_out":2},"kept":{}}"""u8)!.OptOuts);
}
