using LaionStream.Text.Captions;
using LaionStream.Text.Unicode;

namespace LaionStream.Engine.Candidates;

/// <summary>LAION-5B's own cleaning of an alt text (rvencu/crawlingathome-gpu-hcloud: ccpp.py, parse_wat).</summary>
internal static class LaionCaption
{
    /// <summary>Line feeds become spaces; then the text is repaired and stripped, and only the characters that Python calls printable are kept.</summary>
    public static string Clean(ReadOnlySpan<char> raw)
    {
        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            string text = TextRepair.FixText(new string(raw).Replace('\n', ' '));
            ReadOnlySpan<char> stripped = Strip(text);
            for (int at = 0, units; at < stripped.Length; at += units)
            {
                (int point, units) = PythonChars.At(stripped, at);
                if (PythonChars.IsPrintable(point))
                {
                    output.Append(stripped.Slice(at, units));
                }
            }

            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    private static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && PythonChars.IsSpace(text[0]))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && PythonChars.IsSpace(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }
}
