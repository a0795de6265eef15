namespace LaionStream.Engine.Inputs.Lists;

/// <summary>What a quotation mark at the start of a field means.</summary>
internal enum Quoting
{
    /// <summary>Itself.</summary>
    None,

    /// <summary>A quoted field that ends on its line; without an end there it means itself, as TSV writers that do not quote leave it.</summary>
    Line,

    /// <summary>A quoted field, line breaks included (RFC 4180).</summary>
    Field,
}
