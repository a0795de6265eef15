namespace LaionStream.Text.Languages;

/// <summary>Picks evenly spaced pieces of a text that is too long (SelectTextGivenScriptSpan, google/cld3 src/nnet_language_identifier.cc).</summary>
internal static class TextSnippets
{
    /// <summary>Most pieces (kNumSnippets).</summary>
    public const int MaxPieces = 5;

    /// <summary>
    /// Writes the pieces, each followed by a space, and returns the bytes written: at most <paramref name="maxBytes"/> + <see cref="MaxPieces"/>.
    /// </summary>
    /// <param name="text">Well-formed UTF-8, longer than <paramref name="maxBytes"/>.</param>
    /// <param name="maxBytes">Bytes to keep.</param>
    /// <param name="to">Receives the pieces.</param>
    public static int Select(ReadOnlySpan<byte> text, int maxBytes, Span<byte> to)
    {
        int pieces = maxBytes <= MaxPieces ? 1 : MaxPieces;
        int size = maxBytes / pieces;
        int skip = (text.Length - maxBytes) / (pieces + 1);
        int from = 0;
        int written = 0;
        for (int i = 0; i < pieces; i++)
        {
            from = WholeCharacter(text, from, from + skip);
            int end = WholeCharacter(text, from, from + size);
            text[from..end].CopyTo(to[written..]);
            written += end - from;
            to[written++] = (byte)' ';
            from = end;
        }

        return written;
    }

    private static int WholeCharacter(ReadOnlySpan<byte> text, int start, int at)
    {
        while (at > start && at < text.Length && Utf8Cursor.IsContinuation(text[at]))
        {
            at--;
        }

        return at;
    }
}
