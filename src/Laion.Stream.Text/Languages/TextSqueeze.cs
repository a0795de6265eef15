namespace LaionStream.Text.Languages;

/// <summary>
/// Removes chunks that are mostly spaces or repetition (CheapSqueezeInplace, google/cld3 src/script_span/utf8statetable and cld2's compact_lang_det_impl.cc).
/// </summary>
internal static class TextSqueeze
{
    /// <summary>Entries of the prediction table.</summary>
    public const int TableLength = 4096;

    private const int ChunkBytes = 48;
    private const int SpacesLimit = 14;
    private const int PredictedLimit = 19;
    private const int WordSearch = 32;

    /// <summary>Squeezes in place and returns the number of bytes left.</summary>
    /// <param name="buffer">The text, followed by at least 4 zero bytes.</param>
    /// <param name="length">Length of the text in bytes.</param>
    /// <param name="table">Prediction table; its initial content does not matter.</param>
    public static int Squeeze(Span<byte> buffer, int length, Span<int> table)
    {
        table.Clear();
        int hash = 0;
        int to = 0;
        bool skipping = false;
        for (int from = 0; from < length;)
        {
            int size = Math.Min(ChunkBytes, length - from);
            while (Utf8Cursor.IsContinuation(buffer[from + size]))
            {
                size++;
            }

            ReadOnlySpan<byte> chunk = buffer.Slice(from, size);
            int predicted = Predicted(chunk, table, ref hash);
            if (chunk[..(size & ~3)].Count((byte)' ') >= SpacesLimit || predicted >= PredictedLimit)
            {
                if (!skipping)
                {
                    to = BackToWord(buffer, to);
                    skipping = true;
                }
            }
            else
            {
                if (skipping)
                {
                    int step = ForwardToWord(chunk);
                    from += step;
                    size -= step;
                    skipping = false;
                }

                buffer.Slice(from, size).CopyTo(buffer[to..]);
                to += size;
            }

            from += size;
        }

        return to;
    }

    // Bytes of those characters of the chunk that followed the same hash of three characters before.
    private static int Predicted(ReadOnlySpan<byte> chunk, Span<int> table, ref int hash)
    {
        int predicted = 0;
        for (int at = 0; at < chunk.Length;)
        {
            int length = Math.Min(Utf8Cursor.Length(chunk[at]), chunk.Length - at);
            int c = 0;
            for (int i = 0; i < length; i++)
            {
                c = (c << 8) | chunk[at + i];
            }

            at += length;
            ref int seen = ref table[hash];
            if (seen == c)
            {
                predicted += length;
            }

            seen = c;
            hash = ((hash << 4) ^ c) & (TableLength - 1);
        }

        return predicted;
    }

    // Reads the byte at 'to' in its current state, kept or not: the original reads its buffer in place.
    private static int BackToWord(Span<byte> buffer, int to)
    {
        int limit = Math.Min(to, WordSearch);
        int back = 0;
        while (back < limit && buffer[to - back - 1] != ' ')
        {
            back++;
        }

        if (back == limit)
        {
            back = 0;
            while (back < limit && Utf8Cursor.IsContinuation(buffer[to - back]))
            {
                back++;
            }

            back = back == limit ? 0 : back;
        }

        to -= back;
        if (to == 0)
        {
            buffer[0] = (byte)' ';
            return 1;
        }

        return to;
    }

    private static int ForwardToWord(ReadOnlySpan<byte> chunk)
    {
        ReadOnlySpan<byte> head = chunk[..Math.Min(chunk.Length, WordSearch)];
        int space = head.IndexOf((byte)' ');
        if (space >= 0)
        {
            return space + 1;
        }

        for (int i = 0; i < head.Length; i++)
        {
            if (!Utf8Cursor.IsContinuation(head[i]))
            {
                return i;
            }
        }

        return 0;
    }
}
