using System.Collections.Frozen;

namespace LaionStream.Dataset.Parquet;

/// <summary>
/// The type of each field of Parquet's metadata (parquet.thrift). The package reads a field as the type it should have, whatever type the file declares:
/// after the first that differs it reads at random offsets.
/// </summary>
internal static class ParquetShape
{
    /// <summary>The struct of a file's footer.</summary>
    public const int Footer = 0;

    /// <summary>The struct before a page.</summary>
    public const int Page = 20;

    /// <summary>A struct of which nothing is known.</summary>
    public const int Any = -1;

    // Types of the compact protocol.
    private const int True = 1, False = 2, Byte = 3, Double = 7, Binary = 8, List = 9, Struct = 12;

    // A struct's number, then its fields: i integer, b bytes, t boolean, y one byte, s struct, l list; s and l are followed by the struct's number, or the
    // list's element type.
    private static readonly FrozenDictionary<(int, int), string> Fields = Read(
        "0 1i 2l1 3i 4l2 5l3 6b 7l4 8s 9b", // FileMetaData
        "1 1i 2i 3i 4b 5i 6i 7i 8i 9i 10s6", // SchemaElement
        "2 1l10 2i 3i 4l11 5i 6i 7i", // RowGroup
        "3 1b 2b", // KeyValue
        "4 1s", // ColumnOrder
        "6 1s 2s 3s 4s 5s7 6s 7s8 8s8 10s9 11s 12s 13s 14s 15s 16s 17s 18s", // LogicalType
        "7 1i 2i", // DecimalType
        "8 1t 2s5", // TimeType, TimestampType
        "5 1s 2s 3s", // TimeUnit
        "9 1y 2t", // IntType
        "10 1b 2i 3s12 4i 5i 6i 7i 8s 9b", // ColumnChunk
        "11 1i 2t 3t", // SortingColumn
        "12 1i 2li 3lb 4i 5i 6i 7i 8l3 9i 10i 11i 12s13 13l14 14i 15i 16s15 17s", // ColumnMetaData
        "13 1b 2b 3i 4i 5b 6b 7t 8t", // Statistics
        "14 1i 2i 3i", // PageEncodingStats
        "15 1i 2li 3li", // SizeStatistics
        "20 1i 2i 3i 4i 5s25 6s 7s27 8s28", // PageHeader
        "25 1i 2i 3i 4i 5s13", // DataPageHeader
        "27 1i 2i 3t", // DictionaryPageHeader
        "28 1i 2i 3i 4i 5i 6i 7t 8s13"); // DataPageHeaderV2

    /// <summary>Whether a field may have a type of the compact protocol.</summary>
    /// <param name="shape">The struct.</param>
    /// <param name="field">The field's number.</param>
    /// <param name="type">Its type in the file.</param>
    public static bool Allows(int shape, int field, int type) => !Fields.TryGetValue((shape, field), out string? kind) || Is(kind[0], type);

    /// <summary>Whether a list's elements may have a type.</summary>
    /// <param name="shape">The struct that the list is a field of.</param>
    /// <param name="field">The field's number.</param>
    /// <param name="type">The elements' type in the file.</param>
    public static bool AllowsElement(int shape, int field, int type) =>
        !Fields.TryGetValue((shape, field), out string? kind) || Is(char.IsAsciiDigit(kind[1]) ? 's' : kind[1], type);

    /// <summary>The struct of a field, or of its list's elements.</summary>
    public static int Inner(int shape, int field) =>
        Fields.TryGetValue((shape, field), out string? kind) && kind.Length > 1 && int.TryParse(kind.AsSpan(1), out int inner) ? inner : Any;

    private static bool Is(char kind, int type) => kind switch
    {
        'i' => type is > Byte and < Double,
        'b' => type == Binary,
        't' => type is True or False,
        'y' => type == Byte,
        's' => type == Struct,
        _ => type == List,
    };

    private static FrozenDictionary<(int, int), string> Read(params ReadOnlySpan<string> structs)
    {
        var fields = new Dictionary<(int, int), string>();
        foreach (string text in structs)
        {
            string[] parts = text.Split(' ');
            foreach (string part in parts.AsSpan(1))
            {
                int digits = part.AsSpan().IndexOfAnyExceptInRange('0', '9');
                fields.Add((int.Parse(parts[0], null), int.Parse(part.AsSpan(0, digits), null)), part[digits..]);
            }
        }

        return fields.ToFrozenDictionary();
    }
}
