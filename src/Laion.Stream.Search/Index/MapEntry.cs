using System.Text.Json.Serialization;

namespace LaionStream.Search.Index;

/// <summary>A map: an immutable file of places on a plane of some rows of some parts. A later one of the same kind takes its place.</summary>
/// <param name="Number">From 1, for each kind.</param>
/// <param name="Kind">Which vectors.</param>
/// <param name="File">Its name in the folder <c>index</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex digest of its bytes.</param>
/// <param name="Points">Rows that have a place.</param>
/// <param name="Vectors">Rows that they were drawn from.</param>
/// <param name="Seed">The seed.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Slices">The parts whose rows have keys in the file, in the order of their keys, which begin at 0.</param>
internal sealed record MapEntry(
    int Number, VectorKind Kind, string File, long Bytes, string Sha256, int Points, long Vectors, long Seed, DateTimeOffset At, IReadOnlyList<SegmentSlice> Slices)
{
    /// <summary>Whether the entry makes sense; its file is a bare name.</summary>
    [JsonIgnore]
    public bool IsValid => Number > 0 && File == NameOf(Kind, Number) && Bytes > 0 && Sha256 is { Length: 64 } && Points > 0 && Vectors >= Points
        && Slices is { Count: > 0 } && Slices.All(slice => slice is { IsValid: true });

    /// <summary>The name of a map's file.</summary>
    public static string NameOf(VectorKind kind, int number) => FormattableString.Invariant($"{(kind == VectorKind.Image ? "image" : "text")}-{number:D5}.map");
}
