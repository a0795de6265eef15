using System.Text.Json;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Reads and appends <c>state/suspects.jsonl</c>, which does not exist until a run of the output was ended by force.</summary>
internal static class SuspectFile
{
    private const string Name = "suspects.jsonl";

    /// <summary>Every note, oldest first. A last line torn by the end of its process is truncated; a line of another version is ignored.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static IReadOnlyList<SuspectNote> Read(IDisk disk, string stateFolder)
    {
        string path = Path.Combine(stateFolder, Name);
        if (!File.Exists(path)) { return []; }

        List<SuspectNote> notes = [];
        using LineFile file = LineFile.Open(disk, path, 0, line =>
        {
            if (Parse(line.Span) is { } note) { notes.Add(note); }
            return true;
        });
        return notes;
    }

    /// <summary>Appends notes and flushes them and the file's name to the disk.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static void Append(IDisk disk, string stateFolder, IEnumerable<SuspectNote> notes)
    {
        byte[] lines = [.. notes.SelectMany(note => (IEnumerable<byte>)[.. JsonSerializer.SerializeToUtf8Bytes(note, CheckpointJson.Default.SuspectNote), (byte)'\n'])];
        using (Stream file = disk.Append(Path.Combine(stateFolder, Name)))
        {
            file.Write(lines);
            disk.Flush(file);
        }

        disk.FlushFolder(stateFolder);
    }

    private static SuspectNote? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CheckpointJson.Default.SuspectNote) is { Stage: not null } note ? note : null;
        }
        catch (JsonException)
        {
            return null; // a note is only advice: an unreadable one must not prevent the output from being opened
        }
    }
}
