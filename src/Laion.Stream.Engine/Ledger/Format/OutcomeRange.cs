namespace LaionStream.Engine.Ledger.Format;

/// <summary>Consecutive rows with the same outcome.</summary>
/// <param name="First">First ordinal.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Code">Their <see cref="OutcomeCode"/>.</param>
internal readonly record struct OutcomeRange(int First, int Count, ushort Code)
{
    /// <summary>Adds a row to ascending ranges; extends the last range when the row continues it.</summary>
    public static void Append(List<OutcomeRange> ranges, int ordinal, ushort code)
    {
        if (ranges.Count > 0 && ranges[^1] is var last && last.Code == code && last.First + last.Count == ordinal)
        {
            ranges[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            ranges.Add(new OutcomeRange(ordinal, 1, code));
        }
    }
}
