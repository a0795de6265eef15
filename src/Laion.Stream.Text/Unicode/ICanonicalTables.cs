namespace LaionStream.Text.Unicode;

/// <summary>The canonical facts of one version of Unicode, without Hangul, which <see cref="CanonicalForms{TTables}"/> computes.</summary>
internal interface ICanonicalTables
{
    /// <summary>The combining class, or any number that sorts as it does; 0 for starters.</summary>
    int RankOf(int codePoint);

    /// <summary>Appends the full canonical decomposition of a code point; false, and nothing appended, where it has none.</summary>
    bool TryDecompose(int codePoint, ref CodePointBuffer output);

    /// <summary>What two code points compose to, or -1.</summary>
    int Compose(int first, int second);
}
