using LaionStream.Text.Unicode;

namespace LaionStream.Text.Idna;

/// <summary>The canonical data of <see cref="IdnaTable"/>.</summary>
internal readonly struct IdnaCanonicalTables : ICanonicalTables
{
    /// <summary>Appends the normalization form C of code points.</summary>
    /// <param name="text">Any code points.</param>
    /// <param name="output">An empty buffer; receives the result.</param>
    public static void Normalize(scoped ReadOnlySpan<int> text, ref CodePointBuffer output)
    {
        foreach (int codePoint in text) { CanonicalForms<IdnaCanonicalTables>.Decompose(codePoint, ref output); }

        CanonicalForms<IdnaCanonicalTables>.Reorder(output.Items);
        output.Count = CanonicalForms<IdnaCanonicalTables>.Compose(output.Items);
    }

    /// <inheritdoc/>
    public int RankOf(int codePoint) => IdnaTable.Instance[codePoint].CombiningRank;

    /// <inheritdoc/>
    public bool TryDecompose(int codePoint, ref CodePointBuffer output)
    {
        ReadOnlySpan<char> decomposed = IdnaTable.Instance.Decompositions[codePoint];
        output.Add(decomposed);
        return !decomposed.IsEmpty;
    }

    /// <inheritdoc/>
    public int Compose(int first, int second) => IdnaTable.Instance.Compose(first, second);
}
