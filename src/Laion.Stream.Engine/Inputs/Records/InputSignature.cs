namespace LaionStream.Engine.Inputs.Records;

/// <summary>How the files of one kind are told from others.</summary>
/// <param name="Name">What <c>Laion:Input:Format</c> calls them.</param>
/// <param name="Endings">
/// Endings of their names, without those of compression. Several kinds may share one: the first whose <paramref name="Holds"/> agrees takes the file, else the last.
/// </param>
/// <param name="Holds">Whether a file that begins like this, decompressed, is of the kind; asked where the name alone does not tell.</param>
internal sealed record InputSignature(string Name, IReadOnlyList<string> Endings, InputSignature.LooksAt Holds)
{
    /// <summary>Looks at the first bytes of a file.</summary>
    public delegate bool LooksAt(ReadOnlySpan<byte> head);
}
