using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Cuts a JSON list into its records: one object per line (JSONL), or the elements of one array.</summary>
/// <param name="window">The list.</param>
internal abstract class JsonRecords(ByteWindow<byte> window)
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Where the list is read.</summary>
    protected ByteWindow<byte> Window => window;

    /// <summary>The current record; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Current { get; protected set; }

    /// <summary>Whether the current record exceeds the limit; it has no bytes then.</summary>
    public bool IsTooLong { get; protected set; }

    /// <summary>Bytes that were read, separators included.</summary>
    public long Consumed { get; private set; }

    /// <summary>Advances to the next record; false at the end. Blank lines are no records.</summary>
    public abstract ValueTask<bool> NextAsync(CancellationToken stop);

    /// <summary>Opens a list by its first byte that is not blank: an array begins with a bracket, whatever the list is named.</summary>
    /// <param name="read">Reads the list.</param>
    /// <param name="maxRecord">Maximum length of a record, in bytes.</param>
    /// <param name="health">Learns of an array that is cut short.</param>
    /// <param name="stop">Cancels the read.</param>
    public static async ValueTask<JsonRecords> OpenAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int maxRecord, InputHealth health,
        CancellationToken stop)
    {
        var window = new ByteWindow<byte>(read, maxRecord);
        while (FirstLetter(window.Window.Span) == 0 && await window.MoreAsync(stop)) { }
        return FirstLetter(window.Window.Span) == '[' ? new JsonElements(window, health) : new JsonLines(window);
    }

    /// <summary>Consumes bytes.</summary>
    protected void Take(int count)
    {
        window.Take(count);
        Consumed += count;
    }

    private static byte FirstLetter(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = (bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes).TrimStart(" \t\r\n"u8);
        return text.IsEmpty ? (byte)0 : text[0];
    }
}
