using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>One page of a column chunk, from its header.</summary>
/// <param name="Start">Offset of the header in the file.</param>
/// <param name="End">Offset after the page's last byte.</param>
/// <param name="Type">The type of its contents.</param>
/// <param name="Values">Number of values, nulls included.</param>
/// <param name="Encoding">Encoding of a data page's values.</param>
/// <param name="UncompressedBytes">Its decompressed size in bytes.</param>
internal readonly record struct ParquetPage(long Start, long End, PageType Type, int Values, Encoding Encoding, int UncompressedBytes)
{
    /// <summary>Offset of the first byte after the header.</summary>
    public required long Body { get; init; }

    /// <summary>Bytes of repetition levels before the rest of a page of version 2.</summary>
    public int RepetitionBytes { get; init; }

    /// <summary>Bytes of definition levels after them.</summary>
    public int DefinitionBytes { get; init; }

    /// <summary>Whether the values of a page of version 2 are compressed.</summary>
    public bool IsPacked { get; init; }
}
