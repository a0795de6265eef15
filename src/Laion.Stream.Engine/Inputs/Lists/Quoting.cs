namespace LaionStream.Engine.Inputs.Lists;

/// <summary>What a quotation mark at the start of a field means.</summary>
internal enum Quoting
{
    /// <summary>A literal character.</summary>
    None,

    /// <summary>
    /// The begin of a quoted field that ends on the same line; if it does not, a literal character, as written by TSV writers that do not quote.
    /// </summary>
    Line,

    /// <summary>The begin of a quoted field, which may contain line breaks (RFC 4180).</summary>
    Field,
}
