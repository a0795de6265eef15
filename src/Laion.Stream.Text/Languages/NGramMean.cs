using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Text.Languages;

/// <summary>
/// The mean embedding of the n-grams of one length in a text. The original weights each distinct n-gram by its share of all;
/// adding every occurrence and dividing once gives the same sum without counting.
/// </summary>
internal sealed class NGramMean
{
    /// <summary>Length of one embedding.</summary>
    public const int Width = 16;

    // Rows are gathered in batches, so that the memory accesses of many n-grams overlap.
    private readonly ushort[] _pending = new ushort[256];
    private int _pendingCount;
    private int _total;
    private Vector256<float> _low;
    private Vector256<float> _high;

    /// <summary>Counts one n-gram.</summary>
    /// <param name="bucket">Its row in the table.</param>
    /// <param name="embeddings">Rows × <see cref="Width"/>; the same table until the next <see cref="Take"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint bucket, float[] embeddings)
    {
        if (_pendingCount == _pending.Length)
        {
            Flush(embeddings);
        }

        _pending[_pendingCount++] = (ushort)bucket;
    }

    /// <summary>Writes the mean (zeros when there was no n-gram) and resets.</summary>
    public void Take(float[] embeddings, Span<float> to)
    {
        Flush(embeddings);
        float share = _total == 0 ? 0 : 1f / _total;
        (_low * share).CopyTo(to);
        (_high * share).CopyTo(to[Vector256<float>.Count..]);
        (_low, _high, _total) = (default, default, 0);
    }

    private void Flush(float[] embeddings)
    {
        Vector256<float> low = _low;
        Vector256<float> high = _high;
        ref float table = ref MemoryMarshal.GetArrayDataReference(embeddings);
        foreach (ushort bucket in _pending.AsSpan(0, _pendingCount))
        {
            low += Vector256.LoadUnsafe(ref table, (nuint)(bucket * Width));
            high += Vector256.LoadUnsafe(ref table, (nuint)((bucket * Width) + Vector256<float>.Count));
        }

        (_low, _high) = (low, high);
        _total += _pendingCount;
        _pendingCount = 0;
    }
}
