using System.Text;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Idna;

/// <summary>Punycode (RFC 3492).</summary>
internal static class Punycode
{
    private const int Base = 36, TMin = 1, TMax = 26, Skew = 38, Damp = 700, InitialBias = 72, InitialN = 128;

    /// <summary>Appends a label's Punycode, without the <c>xn--</c>.</summary>
    public static void Encode(scoped ReadOnlySpan<int> label, ref UrlBuffer output)
    {
        int basic = 0;
        foreach (int codePoint in label)
        {
            if (codePoint < InitialN)
            {
                output.Append((char)codePoint);
                basic++;
            }
        }

        if (basic > 0)
        {
            output.Append('-');
        }

        int n = InitialN, bias = InitialBias, handled = basic;
        long delta = 0;
        while (handled < label.Length)
        {
            int next = int.MaxValue;
            foreach (int codePoint in label)
            {
                next = codePoint >= n && codePoint < next ? codePoint : next;
            }

            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (int codePoint in label)
            {
                delta += codePoint < n ? 1 : 0;
                if (codePoint == n)
                {
                    AppendNumber(delta, bias, ref output);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }
    }

    /// <summary>Decodes a label's Punycode.</summary>
    /// <param name="text">What follows the <c>xn--</c>, ASCII.</param>
    /// <param name="output">An empty buffer; receives the code points.</param>
    /// <returns>False when it is not Punycode, or a code point would exceed U+10FFFF.</returns>
    public static bool TryDecode(scoped ReadOnlySpan<int> text, ref CodePointBuffer output)
    {
        int hyphen = text.LastIndexOf('-');
        foreach (int codePoint in text[..Math.Max(hyphen, 0)])
        {
            output.Add(codePoint);
        }

        int n = InitialN, i = 0, bias = InitialBias, at = hyphen + 1;
        while (at < text.Length)
        {
            long value = i, weight = 1;
            for (int k = Base; ; k += Base)
            {
                int digit = at < text.Length ? DigitValue(text[at++]) : -1;
                value += digit * weight;
                if (digit < 0 || value > int.MaxValue)
                {
                    return false;
                }

                int threshold = Math.Clamp(k - bias, TMin, TMax);
                if (digit < threshold)
                {
                    break;
                }

                weight *= Base - threshold;
                if (weight > int.MaxValue)
                {
                    return false;
                }
            }

            int count = output.Count + 1;
            bias = Adapt(value - i, count, i == 0);
            long codePoint = n + (value / count);
            if (codePoint > 0x10FFFF || !Rune.IsValid((int)codePoint))
            {
                return false;
            }

            n = (int)codePoint;
            i = (int)(value % count);
            output.Insert(i++, n);
        }

        return true;
    }

    private static void AppendNumber(long value, int bias, ref UrlBuffer output)
    {
        for (int k = Base; ; k += Base)
        {
            int threshold = Math.Clamp(k - bias, TMin, TMax);
            if (value < threshold)
            {
                break;
            }

            output.Append(Digit((int)(threshold + ((value - threshold) % (Base - threshold)))));
            value = (value - threshold) / (Base - threshold);
        }

        output.Append(Digit((int)value));
    }

    private static int Adapt(long delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        int k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
        {
            delta /= Base - TMin;
        }

        return (int)(k + ((Base - TMin + 1) * delta / (delta + Skew)));
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int DigitValue(int c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '0' and <= '9' => c - '0' + 26,
        _ => -1,
    };
}
