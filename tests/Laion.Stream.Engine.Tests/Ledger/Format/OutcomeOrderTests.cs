using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Tests.Ledger.Format;

public sealed class OutcomeOrderTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(2000, 1, 1)]
    [InlineData(2000, 5, 1)]
    [InlineData(2000, 5, 300)]
    [InlineData(2000, 65_536, 2000)]
    public void Of_Outcomes_AreByCodeThenHashThenRow(int rows, int codes, int disorder)
    {
        var random = new Random(rows + codes + disorder);
        List<PendingOutcome> outcomes = [.. Enumerable.Range(0, rows)
            .OrderBy(row => row / disorder).ThenBy(_ => random.Next())
            .Select(row => new PendingOutcome(row, (ushort)random.Next(codes), random.Next(2) == 0 ? null : random.NextInt64()))];
        PendingOutcome[] expected = [.. outcomes.OrderBy(outcome => outcome.Code).ThenBy(outcome => outcome.Hash is null).ThenBy(outcome => outcome.Ordinal)];

        Assert.Equal(expected, OutcomeOrder.Of(outcomes));
    }
}
