namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// The numbers that JSON has no word for. Python's <c>json</c> writes them as <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, and pandas means a missing
/// value by them, so they are read as null.
/// </summary>
internal static class JsonNonFinite
{
    private static readonly byte[][] Words = [[.. "NaN"u8], [.. "-NaN"u8], [.. "Infinity"u8], [.. "-Infinity"u8]];

    /// <summary>Whether a text may contain such a number. False positives are possible, false negatives are not.</summary>
    public static bool MayOccur(ReadOnlySpan<byte> json) => json.IndexOf("NaN"u8) >= 0 || json.IndexOf("Infinity"u8) >= 0;

    /// <summary>The text with null in the place of each such number; strings are left alone.</summary>
    public static byte[] ToNull(ReadOnlySpan<byte> json)
    {
        var written = new List<byte>(json.Length + 16);
        bool isInString = false;
        while (!json.IsEmpty)
        {
            int taken = isInString && json[0] == (byte)'\\' && json.Length > 1 ? 2 : 1;
            if (json[0] == (byte)'"') { isInString = !isInString; }
            else if (!isInString && WordAt(json) is > 0 and int word)
            {
                written.AddRange("null"u8);
                json = json[word..];
                continue;
            }

            written.AddRange(json[..taken]);
            json = json[taken..];
        }

        return [.. written];
    }

    private static int WordAt(ReadOnlySpan<byte> json)
    {
        foreach (byte[] word in Words)
        {
            if (json.StartsWith(word)) { return word.Length; }
        }

        return 0;
    }
}
