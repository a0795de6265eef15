using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>One page of a column chunk, by its header.</summary>
/// <param name="Start">Place of the header in the file.</param>
/// <param name="End">Place behind the page's last byte.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Values">Values, nulls included.</param>
/// <param name="Encoding">How a data page's values are written.</param>
/// <param name="UncompressedBytes">Bytes it unpacks to.</param>
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
