namespace LaionStream.Text.StructuredFields;

/// <summary>The value of a dictionary's key, without its parameters.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Raw">As written, with quotes and signs.</param>
internal readonly record struct StructuredMember(StructuredKind Kind, string Raw)
{
    /// <summary>Whether the value is this token; tokens are compared with their case.</summary>
    public bool IsToken(string token) => Kind == StructuredKind.Token && Raw == token;
}
