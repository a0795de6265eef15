using System.Buffers.Binary;
using System.Text;

namespace LaionStream.Text.Languages;

/// <summary>
/// Turns a cleaned text into the network's input: mean embeddings of its n-grams of 1 to 4 characters, shares of its scripts, its main script
/// (google/cld3 src/language_identifier_features.cc, src/relevant_script_feature.cc, src/script_detector.h).
/// </summary>
internal static class Cld3Features
{
    private const int BigramPlace = 0;
    private const int QuadgramPlace = 16;
    private const int RelevantScriptPlace = 32;
    private const int TextScriptPlace = 40;
    private const int TrigramPlace = 48;
    private const int UnigramPlace = 64;
    private const int UnigramBuckets = 100;
    private const int BigramBuckets = 1000;
    private const int LongGramBuckets = 5000;
    private const int RelevantScripts = 12;
    private const int ScriptWidth = 8;
    private const int MaxGram = 4;

    // Hangul has the same script number as Han and kana; this feature distinguishes it.
    private const int HangulScript = 102;

    private static readonly byte[] AsciiUnigrams =
        [.. Enumerable.Range(0, 128).Select(c => (byte)(NGramHash.OfShort((uint)c, 1) % UnigramBuckets))];

    /// <summary>Fills <see cref="Cld3Scratch.Input"/>.</summary>
    /// <param name="text">Cleaned text, outside <see cref="Cld3Scratch.Word"/>.</param>
    /// <param name="weights">Embeddings.</param>
    /// <param name="scratch">Buffers.</param>
    public static void Extract(ReadOnlySpan<byte> text, Cld3Weights weights, Cld3Scratch scratch)
    {
        Span<int> scripts = stackalloc int[RelevantScripts];
        scripts.Clear();
        ReadOnlySpan<byte> rest = text;
        int space;
        do
        {
            space = rest.IndexOf((byte)' ');
            AddWord(space < 0 ? rest : rest[..space], weights, scratch, scripts);
            rest = rest[(space + 1)..];
        }
        while (space >= 0);

        Span<float> input = scratch.Input;
        scratch.Bigrams.Take(weights.Bigrams, input.Slice(BigramPlace, NGramMean.Width));
        scratch.Quadgrams.Take(weights.Quadgrams, input.Slice(QuadgramPlace, NGramMean.Width));
        scratch.Trigrams.Take(weights.Trigrams, input.Slice(TrigramPlace, NGramMean.Width));
        scratch.Unigrams.Take(weights.Unigrams, input.Slice(UnigramPlace, NGramMean.Width));
        AddRelevantScripts(scripts, weights.RelevantScripts, input.Slice(RelevantScriptPlace, ScriptWidth));

        (int script, bool mostlyHangul) = ScriptSpans.FirstSpan(text, scratch.Word);
        weights.TextScripts.AsSpan((mostlyHangul ? HangulScript : script) * ScriptWidth, ScriptWidth).CopyTo(input[TextScriptPlace..]);
    }

    // A word's characters are enclosed in ^ and $; no n-gram crosses a space. The empty words at both ends count.
    private static void AddWord(ReadOnlySpan<byte> word, Cld3Weights weights, Cld3Scratch scratch, Span<int> scripts)
    {
        Span<byte> marked = scratch.Word.AsSpan(0, word.Length + 2 + MaxGram);
        marked[0] = (byte)'^';
        word.CopyTo(marked[1..]);
        marked[word.Length + 1] = (byte)'$';
        if (Ascii.IsValid(word))
        {
            // The only ASCII characters of a cleaned text are lower-case letters and spaces.
            scripts[1] += word.Length;
            AddAsciiGrams(marked, word.Length + 2, weights, scratch);
        }
        else
        {
            Span<int> starts = scratch.Starts;
            int count = 0;
            for (int at = 0; at < word.Length + 2;)
            {
                starts[count++] = at;
                at += Utf8Cursor.Length(marked[at]);
            }

            starts[count] = word.Length + 2;
            CountScripts(word, scripts);
            AddGrams(marked, starts[..(count + 1)], weights, scratch);
        }
    }

    private static void AddAsciiGrams(ReadOnlySpan<byte> marked, int length, Cld3Weights weights, Cld3Scratch scratch)
    {
        for (int i = 0; i < length; i++)
        {
            uint four = BinaryPrimitives.ReadUInt32LittleEndian(marked[i..]);
            scratch.Unigrams.Add(AsciiUnigrams[four & 0x7F], weights.Unigrams);
            if (i + 2 <= length)
            {
                scratch.Bigrams.Add(NGramHash.OfShort(four & 0xFFFF, 2) % BigramBuckets, weights.Bigrams);
            }

            if (i + 3 <= length)
            {
                scratch.Trigrams.Add(NGramHash.OfShort(four & 0xFF_FFFF, 3) % LongGramBuckets, weights.Trigrams);
            }

            if (i + 4 <= length)
            {
                scratch.Quadgrams.Add(NGramHash.OfFour(four) % LongGramBuckets, weights.Quadgrams);
            }
        }
    }

    private static void AddGrams(ReadOnlySpan<byte> marked, ReadOnlySpan<int> starts, Cld3Weights weights, Cld3Scratch scratch)
    {
        for (int i = 0; i + 1 < starts.Length; i++)
        {
            scratch.Unigrams.Add(NGramHash.Of(marked[starts[i]..starts[i + 1]]) % UnigramBuckets, weights.Unigrams);
            if (i + 2 < starts.Length)
            {
                scratch.Bigrams.Add(NGramHash.Of(marked[starts[i]..starts[i + 2]]) % BigramBuckets, weights.Bigrams);
            }

            if (i + 3 < starts.Length)
            {
                scratch.Trigrams.Add(NGramHash.Of(marked[starts[i]..starts[i + 3]]) % LongGramBuckets, weights.Trigrams);
            }

            if (i + 4 < starts.Length)
            {
                scratch.Quadgrams.Add(NGramHash.Of(marked[starts[i]..starts[i + 4]]) % LongGramBuckets, weights.Quadgrams);
            }
        }
    }

    private static void CountScripts(ReadOnlySpan<byte> word, Span<int> scripts)
    {
        for (int at = 0; at < word.Length;)
        {
            int c = Utf8Cursor.Decode(word, at, out int length);
            at += length;
            scripts[RelevantScript(c, length)]++;
        }
    }

    private static int RelevantScript(int c, int length) => c switch
    {
        >= 0x0370 and <= 0x03FF => 5, // Greek
        >= 0x0400 and <= 0x04FF => 6, // Cyrillic
        >= 0x0590 and <= 0x05FF => 7, // Hebrew
        >= 0x0600 and <= 0x06FF => 8, // Arabic
        >= 0x1100 and <= 0x11FF => 9, // Hangul Jamo
        >= 0x3041 and <= 0x309F => 10, // Hiragana
        >= 0x30A0 and <= 0x30FF => 11, // Katakana
        _ => length, // all others by the length of the character in bytes
    };

    private static void AddRelevantScripts(ReadOnlySpan<int> counts, ReadOnlySpan<float> embeddings, Span<float> to)
    {
        to.Clear();
        int total = 0;
        foreach (int count in counts)
        {
            total += count;
        }

        for (int script = 0; script < counts.Length; script++)
        {
            if (counts[script] > 0)
            {
                float share = (float)counts[script] / total;
                for (int i = 0; i < ScriptWidth; i++)
                {
                    to[i] += share * embeddings[(script * ScriptWidth) + i];
                }
            }
        }
    }
}
