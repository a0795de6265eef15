using System.Text;
using System.Text.Json;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Done lines to text and back.</summary>
internal static class DoneLines
{
    /// <summary>Writes a line with its end.</summary>
    public static byte[] Write(DoneLine line) => [.. JsonSerializer.SerializeToUtf8Bytes(line, CheckpointJson.Default.DoneLine), (byte)'\n'];

    /// <summary>Reads a file's whole lines, one after the other; a missing file has none, and a last line without its end does not count.</summary>
    public static IEnumerable<DoneLine> ReadAll(string path)
    {
        if (!File.Exists(path)) { yield break; }

        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } text)
        {
            if (Read(Encoding.UTF8.GetBytes(text)) is { } line) { yield return line; }
        }
    }

    /// <summary>Reads a line, or null when it is broken.</summary>
    public static DoneLine? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CheckpointJson.Default.DoneLine) is { Dropped: not null, Kept: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null; // the caller decides whether a broken line may stand where it stands
        }
    }
}
