using System.Buffers;
using LaionStream.Text.Captions.Tables;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Captions;

/// <summary>Unicode normalisation form C after Unicode 14.0, on tables of our own: under invariant globalization the platform's does not compose (UAX #15).</summary>
internal static class Nfc
{
    /// <summary>Below this every character is a starter that stays as it is.</summary>
    private const char FirstOfInterest = '\u0300';
    private const int LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, SBase = 0xAC00;
    private const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly byte[] BmpClasses = new byte[0x10000];
    private static readonly Dictionary<int, byte> HighClasses = [];

    /// <summary>Code points of which the quick check says no or maybe.</summary>
    private static readonly bool[] BmpDoubtful = new bool[0x10000];
    private static readonly HashSet<int> HighDoubtful = [];

    /// <summary>Where in the table a decomposition's length stands.</summary>
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

    /// <summary>The text in form C; the same string when the quick check finds it so already.</summary>
    public static string Normalize(string text)
    {
        int stable = FirstDoubt(text);
        if (stable < 0)
        {
            return text;
        }

        int[] points = ArrayPool<int>.Shared.Rent(text.Length * 4); // no canonical decomposition is longer than four
        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            int count = Decompose(text.AsSpan(stable), points);
            Reorder(points.AsSpan(0, count));
            count = Compose(points.AsSpan(0, count));
            output.Append(text.AsSpan(0, stable));
            foreach (int point in points.AsSpan(0, count))
            {
                output.AppendCodePoint(point);
            }

            return output.ToString(text);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(points);
            output.Dispose();
        }
    }

    /// <summary>The text in form D: every character taken apart, marks in canonical order.</summary>
    public static string Decompose(string text)
    {
        int[] points = ArrayPool<int>.Shared.Rent(text.Length * 4);
        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            int count = Decompose(text, points);
            Reorder(points.AsSpan(0, count));
            foreach (int point in points.AsSpan(0, count))
            {
                output.AppendCodePoint(point);
            }

            return output.ToString(text);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(points);
            output.Dispose();
        }
    }

    /// <summary>The canonical combining class.</summary>
    public static int ClassOf(int codePoint) =>
        codePoint < 0x10000 ? BmpClasses[codePoint] : HighClasses.GetValueOrDefault(codePoint);

    /// <summary>Where normalisation has to begin: at the last starter before the first doubtful place; −1 when there is none.</summary>
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

    private static int Decompose(ReadOnlySpan<char> text, Span<int> output)
    {
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int point = text[i];
            if (char.IsHighSurrogate((char)point) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                point = char.ConvertToUtf32((char)point, text[++i]);
            }

            int syllable = point - SBase;
            if ((uint)syllable < SCount)
            {
                output[count++] = LBase + syllable / (VCount * TCount);
                output[count++] = VBase + syllable % (VCount * TCount) / TCount;
                if (syllable % TCount != 0)
                {
                    output[count++] = TBase + syllable % TCount;
                }
            }
            else if (Decompositions.TryGetValue(point, out int entry))
            {
                ReadOnlySpan<int> apart = NfcTable.Decompositions.Slice(entry + 1, NfcTable.Decompositions[entry]);
                apart.CopyTo(output[count..]);
                count += apart.Length;
            }
            else
            {
                output[count++] = point;
            }
        }

        return count;
    }

    /// <summary>Sorts every run of marks by class, keeping the order of equals.</summary>
    private static void Reorder(Span<int> points)
    {
        for (int start = 0; start < points.Length; start++)
        {
            if (ClassOf(points[start]) == 0)
            {
                continue;
            }

            int end = start + 1;
            bool sorted = true;
            for (; end < points.Length && ClassOf(points[end]) is not 0 and var klass; end++)
            {
                sorted &= ClassOf(points[end - 1]) <= klass;
            }

            if (!sorted)
            {
                // LINQ's order is stable, and hostile runs of thousands of marks do not make it quadratic.
                points[start..end].ToArray().OrderBy(ClassOf).ToArray().CopyTo(points[start..]);
            }

            start = end;
        }
    }

    private static int Compose(Span<int> points)
    {
        int written = 0;
        int starter = -1;
        int last = 0;
        foreach (int point in points)
        {
            int klass = ClassOf(point);
            bool blocked = starter >= 0 && written - 1 > starter && (last == 0 || last >= klass);
            if (starter >= 0 && !blocked && ComposePair(points[starter], point) is var whole and > 0)
            {
                points[starter] = whole;
                continue;
            }

            if (klass == 0)
            {
                starter = written;
            }

            last = klass;
            points[written++] = point;
        }

        return written;
    }

    private static int ComposePair(int first, int second)
    {
        int l = first - LBase, v = second - VBase, s = first - SBase, t = second - TBase;
        if ((uint)l < LCount && (uint)v < VCount)
        {
            return SBase + (l * VCount + v) * TCount;
        }

        if ((uint)s < SCount && s % TCount == 0 && t > 0 && t < TCount)
        {
            return first + t;
        }

        return Composites.GetValueOrDefault(((long)first << 32) | (uint)second);
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
}
