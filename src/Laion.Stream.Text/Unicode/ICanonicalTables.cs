namespace LaionStream.Text.Unicode;

/// <summary>The canonical data of one version of Unicode, without Hangul, which <see cref="CanonicalForms{TTables}"/> computes.</summary>
internal interface ICanonicalTables
{
    /// <summary>The combining class, or any number that sorts as it does; 0 for starters.</summary>
    int RankOf(int codePoint);

    /// <summary>Appends the full canonical decomposition of a code point; returns false and appends nothing when it has none.</summary>
    bool TryDecompose(int codePoint, ref CodePointBuffer output);

    /// <summary>The composition of two code points, or -1.</summary>
    int Compose(int first, int second);
}
