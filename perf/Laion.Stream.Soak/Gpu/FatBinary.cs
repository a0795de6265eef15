using System.Buffers.Binary;

namespace LaionStream.Soak.Gpu;

/// <summary>
/// Blanks the device code of other cards in a CUDA library, so that it can be compressed: the driver reads only the code of its own architecture. The file
/// keeps its length and every header. Layout of a fat binary: a header of 16 bytes (magic, version, header size, size of the entries), then entries, each
/// with a header (kind, version, its size, size of the code, …, architecture) and its code.
/// </summary>
internal static class FatBinary
{
    private const int ContainerHeader = 16;
    private const int ArchitectureAt = 28;
    private static readonly byte[] Magic = [0x50, 0xED, 0x55, 0xBA, 1, 0, ContainerHeader, 0];

    /// <summary>Blanks the code of all architectures but one.</summary>
    /// <param name="library">The file's bytes, changed in place.</param>
    /// <param name="architecture">Such as 90 for Hopper.</param>
    /// <returns>Bytes of code that were kept, and that were blanked.</returns>
    /// <exception cref="InvalidDataException">An entry ends beyond its container, or no code of the architecture is there.</exception>
    public static (long Kept, long Blanked) KeepOnly(Span<byte> library, int architecture)
    {
        (long kept, long blanked) = (0, 0);
        for (int at = library.IndexOf(Magic); at >= 0;)
        {
            long end = at + ContainerHeader + BinaryPrimitives.ReadInt64LittleEndian(library[(at + 8)..]);
            if (end < at || end > library.Length) { throw new InvalidDataException($"The fat binary at {at} ends beyond the file."); }

            for (long entry = at + ContainerHeader; entry + ArchitectureAt + sizeof(int) <= end;)
            {
                Span<byte> head = library[(int)entry..];
                int headBytes = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
                long code = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
                if (headBytes <= ArchitectureAt || code < 0 || entry + headBytes + code > end)
                {
                    throw new InvalidDataException($"The entry at {entry} ends beyond its fat binary.");
                }

                bool isOurs = BinaryPrimitives.ReadInt32LittleEndian(head[ArchitectureAt..]) == architecture;
                if (!isOurs) { head.Slice(headBytes, (int)code).Clear(); }
                (kept, blanked) = isOurs ? (kept + code, blanked) : (kept, blanked + code);

                entry += headBytes + code;
            }

            int next = library[(int)end..].IndexOf(Magic);
            at = next < 0 ? -1 : (int)end + next;
        }

        return kept > 0 ? (kept, blanked) : throw new InvalidDataException($"The library has no code for architecture {architecture}.");
    }
}
