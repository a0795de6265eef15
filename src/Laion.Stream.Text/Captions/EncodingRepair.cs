using System.Buffers;
using LaionStream.Text.Captions.Tables;

namespace LaionStream.Text.Captions;

/// <summary>Undoes wrong decoding, as <c>ftfy.fix_encoding</c> of ftfy 6.3.1 does by default (rspeer/python-ftfy, Apache-2.0: ftfy/__init__.py).</summary>
internal static class EncodingRepair
{
    /// <summary>Decodes the text as it was meant, layer by layer; returns the same string when it does not look like mojibake.</summary>
    public static string Fix(string text)
    {
        for (string before = string.Empty; !ReferenceEquals(text, before) && text != before;)
        {
            before = text;
            text = FixOnce(text);
        }

        return text;
    }

    /// <summary>Replaces C1 controls with the characters that Windows-1252 has at their numbers, as browsers do.</summary>
    public static string FixC1(string text) =>
        text.AsSpan().ContainsAnyInRange('\u0080', '\u009F')
            ? string.Create(text.Length, text, static (output, source) =>
            {
                for (int i = 0; i < output.Length; i++)
                {
                    output[i] = source[i] is >= '\u0080' and <= '\u009F' ? CodePageTable.SloppyWindows1252[source[i] - 0x80] : source[i];
                }
            })
            : text;

    private static string FixOnce(string text)
    {
        if (!Badness.In(text))
        {
            return text;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        byte[] mended = ArrayPool<byte>.Shared.Rent(text.Length * Utf8Repair.Growth);
        try
        {
            foreach (CodePage page in CodePage.All)
            {
                if (page.TryEncode(text, bytes))
                {
                    int length = Utf8Repair.Mend(bytes.AsSpan(0, text.Length), page, mended);
                    if (Utf8Repair.Decode(mended.AsSpan(0, length)) is { } meant)
                    {
                        return meant;
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(mended);
        }

        string patched = EmbeddedMojibake.Fix(text);
        if (patched != text)
        {
            return patched;
        }

        // What is left may be Latin-1 that was meant as Windows-1252: C1 controls are never meant.
        return FixC1(text);
    }
}
