using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>A file that every part of a set has.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
/// <param name="Role">What it holds, as the manifest names it (<see cref="FileRole"/>); no two files of a part have the same.</param>
/// <param name="Name">How it is named; no two files of a part are named alike.</param>
/// <param name="BeginAsync">Begins the file of the part of a number on an empty stream.</param>
internal sealed record PartFileKind<TRow>(string Role, PartName Name, Func<Stream, int, ValueTask<IPartFile<TRow>>> BeginAsync)
{
    /// <summary>Whether the file's first bytes depend on its rows: they are written over once it is complete (<see cref="IPartFile{TRow}.Head"/>).</summary>
    /// <value>Default false.</value>
    public bool HasHead { get; init; }

    /// <summary>Begins the folder of the part of a number, for a kind that is a folder; null for a file.</summary>
    public Func<LooseFiles, int, IPartFile<TRow>>? BeginFolder { get; private init; }

    /// <summary>A folder that every part of a set has.</summary>
    /// <param name="role">What it holds.</param>
    /// <param name="name">How it is named.</param>
    /// <param name="begin">Begins the folder of the part of a number.</param>
    public static PartFileKind<TRow> OfFolder(string role, PartName name, Func<LooseFiles, int, IPartFile<TRow>> begin) =>
        new(role, name, (_, _) => throw new InvalidOperationException($"'{role}' is a folder.")) { BeginFolder = begin };
}
