namespace LaionStream.Soak.Start;

/// <summary>A type as the JIT compiler spells it, such as <c>System.Collections.Generic.List`1[int]</c>.</summary>
/// <param name="Name">Its name without arguments; that of a nested type follows a plus.</param>
/// <param name="Arguments">Its generic arguments, those of the types around it first.</param>
/// <param name="Ranks">How often it is an array of it, as in <c>int[][]</c>.</param>
internal sealed record TypeName(string Name, IReadOnlyList<TypeName> Arguments, int Ranks)
{
    /// <summary>Reads a spelling.</summary>
    public static TypeName Parse(string text)
    {
        int ranks = 0;
        for (; text.EndsWith("[]", StringComparison.Ordinal); text = text[..^2]) { ranks++; }
        int open = text.IndexOf('[', StringComparison.Ordinal);
        return open < 0 ? new TypeName(text, [], ranks) : new TypeName(text[..open], [.. Split(text[(open + 1)..^1]).Select(Parse)], ranks);
    }

    /// <summary>Divides a list at the commas that are in no brackets; empty text has no parts.</summary>
    public static IEnumerable<string> Split(string text)
    {
        int start = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '[' or '(' => 1, ']' or ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        if (text.Length > 0) { yield return text[start..]; }
    }
}
