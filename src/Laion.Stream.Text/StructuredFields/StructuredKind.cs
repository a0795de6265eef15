namespace LaionStream.Text.StructuredFields;

/// <summary>What a member of a structured field is (RFC 9651, 3).</summary>
internal enum StructuredKind
{
    /// <summary><c>?0</c> or <c>?1</c>, or a key without a value, which means true.</summary>
    Boolean,

    /// <summary>An integer or a decimal.</summary>
    Number,

    /// <summary>A quoted text of ASCII.</summary>
    Text,

    /// <summary>A word without quotes.</summary>
    Token,

    /// <summary>Base64 between colons.</summary>
    Bytes,

    /// <summary><c>@</c> and the seconds since 1970.</summary>
    Date,

    /// <summary>A quoted text of Unicode, percent-encoded.</summary>
    DisplayText,

    /// <summary>Items in parentheses.</summary>
    InnerList,
}
