using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Reads and appends <c>state/poison.jsonl</c>, which does not exist until a picture has ended a decoder's process.</summary>
internal static class PoisonFile
{
    private const string Name = "poison.jsonl";

    /// <summary>Every record, oldest first. An incomplete last line is truncated; a line of another version is ignored.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static IReadOnlyList<PoisonNote> Read(IDisk disk, string stateFolder) =>
        NoteFile.Read(disk, Path.Combine(stateFolder, Name), CheckpointJson.Default.PoisonNote, note => note.Sha256 is not null);

    /// <summary>Appends a record and flushes it and the file's name to the disk.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static void Append(IDisk disk, string stateFolder, PoisonNote note) =>
        NoteFile.Append(disk, Path.Combine(stateFolder, Name), CheckpointJson.Default.PoisonNote, [note]);
}
