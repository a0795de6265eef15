using LaionStream.Text.Captions.Tables;
using LaionStream.Text.Unicode;
using Forms = LaionStream.Text.Unicode.CanonicalForms<LaionStream.Text.Captions.Nfc.Tables>;

namespace LaionStream.Text.Captions;

/// <summary>Unicode normalization forms C and D after Unicode 14.0, as Python 3.11 has it (<see cref="CanonicalForms{TTables}"/>).</summary>
internal static class Nfc
{
    /// <summary>Every character below this is a starter that normalisation does not change.</summary>
    private const char FirstOfInterest = '\u0300';
    private const int VBase = 0x1161, TBase = 0x11A7, VCount = 21, TCount = 28; // of Hangul

    private static readonly byte[] BmpClasses = new byte[0x10000];
    private static readonly Dictionary<int, byte> HighClasses = [];

    /// <summary>Code points for which the quick check answers no or maybe.</summary>
    private static readonly bool[] BmpDoubtful = new bool[0x10000];
    private static readonly HashSet<int> HighDoubtful = [];

    /// <summary>Where in the table a decomposition's length is.</summary>
    private static readonly Dictionary<int, int> Decompositions = [];
    private static readonly Dictionary<long, int> Composites = [];

    static Nfc()
    {
        ReadOnlySpan<int> classes = NfcTable.Classes;
        for (int i = 0; i < classes.Length; i += 3)
        {
            for (int codePoint = classes[i]; codePoint <= classes[i + 1]; codePoint++)
            {
                if (codePoint < 0x10000)
                {
                    BmpClasses[codePoint] = (byte)classes[i + 2];
                }
                else
                {
                    HighClasses[codePoint] = (byte)classes[i + 2];
                }
            }
        }

        ReadOnlySpan<int> pairs = NfcTable.Pairs;
        var primary = new HashSet<int>();
        for (int i = 0; i < pairs.Length; i += 3)
        {
            Composites[((long)pairs[i] << 32) | (uint)pairs[i + 1]] = pairs[i + 2];
            primary.Add(pairs[i + 2]);
            Doubt(pairs[i + 1]);
        }

        ReadOnlySpan<int> decompositions = NfcTable.Decompositions;
        for (int i = 0; i < decompositions.Length; i += 2 + decompositions[i + 1])
        {
            Decompositions[decompositions[i]] = i + 1;
            if (!primary.Contains(decompositions[i]))
            {
                Doubt(decompositions[i]);
            }
        }

        for (int i = 0; i < VCount; i++)
        {
            Doubt(VBase + i);
        }

        for (int i = 1; i < TCount; i++)
        {
            Doubt(TBase + i);
        }
    }

    /// <summary>The text in form C; the same string when the quick check finds that it already is.</summary>
    public static string Normalize(string text)
    {
        int stable = FirstDoubt(text);
        if (stable < 0)
        {
            return text;
        }

        var points = new CodePointBuffer(stackalloc int[256]);
        try
        {
            Decompose(text.AsSpan(stable), ref points);
            points.Count = Forms.Compose(points.Items);
            return Join(text.AsSpan(0, stable), points.Items, text);
        }
        finally
        {
            points.Dispose();
        }
    }

    /// <summary>The text in form D: every character decomposed, marks in canonical order.</summary>
    public static string Decompose(string text)
    {
        var points = new CodePointBuffer(stackalloc int[256]);
        try
        {
            Decompose(text, ref points);
            return Join(default, points.Items, text);
        }
        finally
        {
            points.Dispose();
        }
    }

    private static string Join(ReadOnlySpan<char> stable, ReadOnlySpan<int> points, string text)
    {
        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            output.Append(stable);
            foreach (int point in points) { output.AppendCodePoint(point); }

            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Appends the text in form D. Lone surrogates stay as they are.</summary>
    private static void Decompose(ReadOnlySpan<char> text, ref CodePointBuffer output)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            Forms.Decompose(pair ? char.ConvertToUtf32(text[i], text[++i]) : text[i], ref output);
        }

        Forms.Reorder(output.Items);
    }

    /// <summary>The canonical combining class.</summary>
    private static int ClassOf(int codePoint) =>
        codePoint < 0x10000 ? BmpClasses[codePoint] : HighClasses.GetValueOrDefault(codePoint);

    /// <summary>Where normalisation has to start: at the last starter before the first doubtful character; −1 when there is none.</summary>
    private static int FirstDoubt(ReadOnlySpan<char> text)
    {
        int at = text.IndexOfAnyInRange(FirstOfInterest, '\uFFFF');
        if (at < 0)
        {
            return -1;
        }

        int starter = Math.Max(at - 1, 0);
        int last = 0;
        while (at < text.Length)
        {
            int point = text[at];
            int width = 1;
            if (char.IsHighSurrogate((char)point) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                point = char.ConvertToUtf32((char)point, text[at + 1]);
                width = 2;
            }

            bool doubtful = point < 0x10000 ? BmpDoubtful[point] : HighDoubtful.Contains(point);
            int klass = ClassOf(point);
            if (doubtful || (klass != 0 && last > klass))
            {
                return starter;
            }

            if (klass == 0)
            {
                starter = at;
            }

            last = klass;
            at += width;
        }

        return -1;
    }

    private static void Doubt(int codePoint)
    {
        if (codePoint < 0x10000)
        {
            BmpDoubtful[codePoint] = true;
        }
        else
        {
            HighDoubtful.Add(codePoint);
        }
    }

    /// <summary>The generated table, for <see cref="CanonicalForms{TTables}"/>.</summary>
    internal readonly struct Tables : ICanonicalTables
    {
        /// <inheritdoc/>
        public int RankOf(int codePoint) => ClassOf(codePoint);

        /// <inheritdoc/>
        public bool TryDecompose(int codePoint, ref CodePointBuffer output)
        {
            if (!Decompositions.TryGetValue(codePoint, out int entry)) { return false; }

            foreach (int part in NfcTable.Decompositions.Slice(entry + 1, NfcTable.Decompositions[entry])) { output.Add(part); }
            return true;
        }

        /// <inheritdoc/>
        public int Compose(int first, int second) => Composites.GetValueOrDefault(((long)first << 32) | (uint)second, -1);
    }
}
