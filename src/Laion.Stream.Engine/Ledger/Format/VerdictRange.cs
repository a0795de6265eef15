namespace LaionStream.Engine.Ledger.Format;

/// <summary>Rows in a row with one verdict.</summary>
/// <param name="First">First ordinal.</param>
/// <param name="Count">Rows.</param>
/// <param name="Code">Their <see cref="VerdictCode"/>.</param>
internal readonly record struct VerdictRange(int First, int Count, ushort Code)
{
    /// <summary>Adds a row to ascending ranges: to the last one where it fits.</summary>
    public static void Append(List<VerdictRange> ranges, int ordinal, ushort code)
    {
        if (ranges.Count > 0 && ranges[^1] is var last && last.Code == code && last.First + last.Count == ordinal)
        {
            ranges[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            ranges.Add(new VerdictRange(ordinal, 1, code));
        }
    }
}
