using System.Text;
using System.Text.Json;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Encodes and decodes done lines.</summary>
internal static class DoneLines
{
    /// <summary>Encodes a line, line end included.</summary>
    public static byte[] Write(DoneLine line) => [.. JsonSerializer.SerializeToUtf8Bytes(line, CheckpointJson.Default.DoneLine), (byte)'\n'];

    /// <summary>Reads a file's valid lines in order. A missing file has none; a torn last line is ignored.</summary>
    public static IEnumerable<DoneLine> ReadAll(string path)
    {
        if (!File.Exists(path)) { yield break; }

        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } text)
        {
            if (Read(Encoding.UTF8.GetBytes(text)) is { } line) { yield return line; }
        }
    }

    /// <summary>Decodes a line; null when it is invalid.</summary>
    public static DoneLine? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CheckpointJson.Default.DoneLine) is { Dropped: not null, Kept: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null; // the caller decides whether an invalid line is acceptable at this position
        }
    }
}
