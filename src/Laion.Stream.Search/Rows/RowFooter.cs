using System.Text.Json.Serialization;

namespace LaionStream.Search.Rows;

/// <summary>The end of a row file: which column lies where.</summary>
/// <param name="Version">Version of the format.</param>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Columns">Columns of the Parquet file, in its order: what a row's record holds.</param>
/// <param name="Scores">Score columns, <c>similarity</c> first.</param>
/// <param name="Regions">Where each column and each list of texts lies, by name.</param>
internal sealed record RowFooter(
    int Version, int Rows, IReadOnlyList<RowColumn> Columns, IReadOnlyList<string> Scores, IReadOnlyDictionary<string, RowRegion> Regions)
{
    /// <summary>The version that this program writes and reads. Files of another are made again.</summary>
    public const int Current = 1;

    /// <summary>Last bytes of a row file, behind the footer's length.</summary>
    [JsonIgnore]
    public static ReadOnlySpan<byte> Magic => "LAIONROW"u8;
}
