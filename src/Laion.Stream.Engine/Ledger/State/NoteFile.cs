using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Reads and appends a file of notes below <c>state/</c>, one JSON object a line. Notes are evidence and advice, no part of the accounting.</summary>
internal static class NoteFile
{
    /// <summary>Every note, oldest first. A last line torn by the end of its process is truncated; a line of another version is ignored.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The file; there are no notes where it is missing.</param>
    /// <param name="type">How a note is written.</param>
    /// <param name="isWhole">Whether a note has what this version needs of it.</param>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static IReadOnlyList<T> Read<T>(IDisk disk, string path, JsonTypeInfo<T> type, Func<T, bool> isWhole)
        where T : class
    {
        if (!File.Exists(path)) { return []; }

        List<T> notes = [];
        using LineFile file = LineFile.Open(disk, path, 0, line =>
        {
            if (Parse(line.Span, type) is { } note && isWhole(note)) { notes.Add(note); }
            return true;
        });
        return notes;
    }

    /// <summary>Appends notes and flushes them and the file's name to the disk.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static void Append<T>(IDisk disk, string path, JsonTypeInfo<T> type, IEnumerable<T> notes)
    {
        byte[] lines = [.. notes.SelectMany(note => (IEnumerable<byte>)[.. JsonSerializer.SerializeToUtf8Bytes(note, type), (byte)'\n'])];
        using (Stream file = disk.Append(path))
        {
            file.Write(lines);
            disk.Flush(file);
        }

        disk.FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static T? Parse<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException)
        {
            return null; // a note is only advice: an unreadable one must not prevent the output from being opened
        }
    }
}
