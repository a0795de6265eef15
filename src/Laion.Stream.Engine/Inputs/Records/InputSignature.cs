namespace LaionStream.Engine.Inputs.Records;

/// <summary>How the files of one kind are recognised.</summary>
/// <param name="Name">Its name in <c>Laion:Input:Format</c>.</param>
/// <param name="Endings">
/// Extensions of their names, without those of compression. Several kinds may share one: the first whose <paramref name="Holds"/> is true takes the file, else
/// the last.
/// </param>
/// <param name="Holds">Whether a file that starts like this, decompressed, has the kind; called when the name alone does not determine it.</param>
internal sealed record InputSignature(string Name, IReadOnlyList<string> Endings, InputSignature.LooksAt Holds)
{
    /// <summary>Whether only files of this machine can be read.</summary>
    /// <value>Default false.</value>
    public bool IsLocal { get; init; }

    /// <summary>Tests the first bytes of a file.</summary>
    public delegate bool LooksAt(ReadOnlySpan<byte> head);
}
