using LaionStream.Dataset.Manifest;

namespace LaionStream.Search.Outputs;

/// <summary>A committed part of an output folder.</summary>
/// <param name="Folder">The output folder.</param>
/// <param name="Entry">Its line of the manifest.</param>
public sealed record OutputPart(string Folder, ManifestEntry Entry)
{
    /// <summary>
    /// The number of its first row: rows are numbered in the order of the manifest's lines. Those of a replaced part keep their numbers to themselves, so that
    /// no number ever means another row; those that are left of it have new ones.
    /// </summary>
    public long FirstRow { get; init; }

    /// <summary>The path of the part's file of a role: its visible name, or its temporary one where a crash came between the commit and the rename.</summary>
    /// <param name="role">The role, one of <see cref="FileRole"/>.</param>
    /// <returns>Null when the part has no such file, or when it was moved away.</returns>
    public string? PathOf(string role)
    {
        if (Entry.FileOf(role) is not { } file) { return null; }
        string path = Path.Combine(Folder, file.Path);
        string temp = Path.Combine(Folder, file.Temp);
        if (Entry.Replaces is not null && File.Exists(temp)) { return temp; } // under the visible name lies the file that it replaces
        if (File.Exists(path)) { return path; }
        return File.Exists(temp) ? temp : null;
    }
}
