using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// Reads and appends a file of records below <c>state/</c>, one JSON object per line. They are evidence and advice, not a part of the accounting.
/// </summary>
internal static class NoteFile
{
    /// <summary>Every record, oldest first. An incomplete last line is truncated; a line of another version is ignored.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The file; if it is missing there are no records.</param>
    /// <param name="type">The JSON type of a record.</param>
    /// <param name="isWhole">Whether a record has the fields that this version needs.</param>
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

    /// <summary>Appends records and flushes them and the file's name to the disk.</summary>
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
            return null; // a record is only advice: an unreadable one must not prevent the output from being opened
        }
    }
}
