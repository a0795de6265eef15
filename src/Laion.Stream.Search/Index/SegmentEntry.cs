using System.Text.Json.Serialization;

namespace LaionStream.Search.Index;

/// <summary>A segment: an immutable file of neighbours over the vectors of some parts.</summary>
/// <param name="Number">From 1, never used twice.</param>
/// <param name="Kind">Which vectors.</param>
/// <param name="File">Its name in the folder <c>index</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex digest of its bytes.</param>
/// <param name="Vectors">Vectors in it: fewer than its rows where rows have no direction or were removed.</param>
/// <param name="Dimensions">Numbers of a vector.</param>
/// <param name="At">When it was built, UTC.</param>
/// <param name="Slices">Its rows in the order of their keys, which begin at 0.</param>
internal sealed record SegmentEntry(
    int Number, VectorKind Kind, string File, long Bytes, string Sha256, long Vectors, int Dimensions, DateTimeOffset At, IReadOnlyList<SegmentSlice> Slices)
{
    /// <summary>Numbers of the segments whose place it takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Replaces { get; init; }

    /// <summary>Rows that had been removed when it was built: they have keys, and no vector in it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Removed { get; init; }

    /// <summary>Keys in it.</summary>
    [JsonIgnore]
    public long Rows => Slices.Sum(slice => (long)slice.Rows);

    /// <summary>Whether the entry makes sense; its file is a bare name.</summary>
    [JsonIgnore]
    public bool IsValid => Number > 0 && File == NameOf(Kind, Number) && Bytes > 0 && Sha256 is { Length: 64 } && Dimensions > 0
        && Slices is { Count: > 0 } && Slices.All(slice => slice is { IsValid: true }) && Vectors > 0 && Vectors <= Rows && Removed >= 0 && Removed < Rows;

    /// <summary>The name of a segment's file.</summary>
    public static string NameOf(VectorKind kind, int number) => FormattableString.Invariant($"{(kind == VectorKind.Image ? "image" : "text")}-{number:D5}.usearch");
}
