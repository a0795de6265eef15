using System.Buffers.Binary;
using System.Text;

namespace LaionStream.Models.Onnx;

/// <summary>Reads the libraries that a 64-bit ELF library needs (its <c>DT_NEEDED</c> entries), without loading it.</summary>
internal static class ElfNeeds
{
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const int DynamicEntryBytes = 16;
    private const int MostTableBytes = 1 << 20;
    private const uint Load = 1;
    private const uint Dynamic = 2;
    private const long Needed = 1;
    private const long StringTable = 5;

    /// <summary>Reads the names from a file.</summary>
    /// <param name="path">A shared library.</param>
    /// <returns>The names in the file's order; none when the file is not a 64-bit little-endian ELF file or is truncated.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith("\x7F"u8)
            || !header[1..6].SequenceEqual("ELF\x2\x1"u8))
        {
            return [];
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        byte[] programs = At(file, BinaryPrimitives.ReadInt64LittleEndian(header[32..]), count * ProgramHeaderBytes);
        (long Offset, long Address, long Bytes)[] loads = [.. Segments(programs, Load)];
        (long Offset, long Address, long Bytes) dynamic = Segments(programs, Dynamic).FirstOrDefault();
        (long Tag, long Value)[] entries = [.. Entries(At(file, dynamic.Offset, dynamic.Bytes))];

        // The entry holds the string table's address in memory: the segment that contains the address gives its offset in the file.
        long strings = entries.FirstOrDefault(e => e.Tag == StringTable).Value;
        (long Offset, long Address, long Bytes) home = loads.FirstOrDefault(s => strings >= s.Address && strings - s.Address < s.Bytes);
        return [.. entries.Where(e => e.Tag == Needed).Select(e => Name(At(file, home.Offset + (strings - home.Address) + e.Value, 256)))
            .Where(n => n.Length > 0)];
    }

    private static IEnumerable<(long Offset, long Address, long Bytes)> Segments(byte[] programs, uint kind)
    {
        for (int at = 0; at + ProgramHeaderBytes <= programs.Length; at += ProgramHeaderBytes)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(programs.AsSpan(at)) == kind)
            {
                yield return (Long(programs, at + 8), Long(programs, at + 16), Long(programs, at + 32));
            }
        }
    }

    private static IEnumerable<(long Tag, long Value)> Entries(byte[] table)
    {
        for (int at = 0; at + DynamicEntryBytes <= table.Length; at += DynamicEntryBytes) { yield return (Long(table, at), Long(table, at + 8)); }
    }

    private static string Name(byte[] bytes) => bytes.AsSpan().IndexOf((byte)0) is > 0 and int end ? Encoding.UTF8.GetString(bytes, 0, end) : "";

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    /// <summary>Bytes at an offset of the file; fewer or none when the file ends before.</summary>
    private static byte[] At(FileStream file, long offset, long bytes)
    {
        if (offset < 0 || offset > file.Length || bytes is < 0 or > MostTableBytes) { return []; }

        var read = new byte[Math.Min(bytes, file.Length - offset)];
        file.Position = offset;
        file.ReadExactly(read);
        return read;
    }
}
