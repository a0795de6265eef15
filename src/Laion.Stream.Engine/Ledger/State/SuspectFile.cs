using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Reads and appends <c>state/suspects.jsonl</c>, which does not exist until a run of the output was ended by force or died.</summary>
internal static class SuspectFile
{
    private const string Name = "suspects.jsonl";

    /// <summary>Every note, oldest first. A last line torn by the end of its process is truncated; a line of another version is ignored.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static IReadOnlyList<SuspectNote> Read(IDisk disk, string stateFolder) =>
        NoteFile.Read(disk, Path.Combine(stateFolder, Name), CheckpointJson.Default.SuspectNote, note => note.Stage is not null);

    /// <summary>Appends notes and flushes them and the file's name to the disk.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static void Append(IDisk disk, string stateFolder, IEnumerable<SuspectNote> notes) =>
        NoteFile.Append(disk, Path.Combine(stateFolder, Name), CheckpointJson.Default.SuspectNote, notes);
}
