using LaionStream.Engine.Tests.Inputs.Inflating;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Our gzip decoder beside the runtime's: any file is judged alike, and what both accept is the same.</summary>
internal static class InflateFuzz
{
    private const int Most = 1 << 20;

    /// <summary>Files with blocks of all kinds.</summary>
    public static IReadOnlyList<byte[]> Seeds() =>
    [
        Packings.Pack(Packings.Text(3000), "smallest"),
        Packings.Pack(Packings.Text(1500), "fixed"),
        [.. Packings.Pack(Packings.Text(400), "huffman"), .. Packings.Pack(Packings.Text(900), "optimal"), .. Packings.Pack(Packings.Text(300), "stored")],
        Packings.Pack(Packings.Contents["periods"], "runs"),
        Packings.Pack(Packings.Contents["mixed"], "fastest"),
    ];

    public static void Compare(byte[] file)
    {
        Gunzip theirs = Gunzip.Theirs(file, most: Most);
        Gunzip ours = Gunzip.Ours(new MemoryStream(file, writable: false), most: Most);
        Assert.Equal(theirs.IsDamaged, ours.IsDamaged);
        int same = Math.Min(theirs.Content.Length, ours.Content.Length);
        Assert.True(theirs.Content.AsSpan(0, same).SequenceEqual(ours.Content.AsSpan(0, same)));
        if (ours.IsDamaged) { return; }
        if (ours.Content.Length < Most) { Assert.Equal(theirs.Content.Length, ours.Content.Length); }

        // However input and memory are cut, the same comes out.
        var random = new Random(file.Length);
        int[] slices = [.. Enumerable.Range(0, 40).Select(_ => 1 + random.Next(1 << random.Next(1, 9))), 8192];
        Gunzip pieces = Gunzip.Ours(new Slices(file, slices), 1 + random.Next(1 << random.Next(1, 14)), Most);
        Assert.False(pieces.IsDamaged);
        same = Math.Min(pieces.Content.Length, ours.Content.Length);
        Assert.True(same >= Math.Min(Most, ours.Content.Length) && pieces.Content.AsSpan(0, same).SequenceEqual(ours.Content.AsSpan(0, same)));
    }
}
