using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Native;

/// <summary>Checks that a file of USearch is whole before the library maps it.</summary>
/// <remarks>
/// The library looks at lengths only, and then follows the neighbours in the file without a check: one damaged number would end the process. Everything that
/// leads it to an address is therefore compared with its bounds here: counts, levels, the lists of neighbours of every node. A damaged vector leads nowhere: it is
/// found by its digest (<c>index --verify</c>).
/// </remarks>
internal static unsafe class GraphFile
{
    private const int HeadBytes = 64;
    private const int PlaceBytes = 5 * sizeof(ulong);
    private const int NodeHeadBytes = sizeof(ulong) + sizeof(short);
    private const int BaseListBytes = sizeof(uint) + (2 * Graph.Connectivity * sizeof(uint));
    private const int ListBytes = sizeof(uint) + (Graph.Connectivity * sizeof(uint));

    private static ReadOnlySpan<byte> Magic => "usearch"u8;

    /// <summary>Reads a whole graph but for its vectors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">Keys are below this.</param>
    /// <returns>Vectors in it and their dimensions.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or not such a file; the message is the part of a sentence that follows the file's name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (long Vectors, int Dimensions) Check(string path, long keys)
    {
        using MappedFile file = MappedFile.Open(path);
        return file.Length >= (2 * sizeof(uint)) + HeadBytes + PlaceBytes ? Check(file.Start, file.Length, keys) : throw new InvalidDataException("is cut short");
    }

    private static (long Vectors, int Dimensions) Check(byte* start, long length, long keys)
    {
        long rows = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(start, 4));
        long width = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(start + 4, 4));
        long headAt = 8 + (rows * width);
        long placeAt = headAt + HeadBytes;
        if (rows == 0 || width is 0 or > 1 << 16) { throw new InvalidDataException("is not an index of int8 vectors"); }
        if (placeAt + PlaceBytes + (rows * (sizeof(short) + NodeHeadBytes + BaseListBytes)) > length) { throw new InvalidDataException("is cut short"); }

        CheckHead(new ReadOnlySpan<byte>(start + headAt, HeadBytes), rows, width);
        ReadOnlySpan<ulong> place = MemoryMarshal.Cast<byte, ulong>(new ReadOnlySpan<byte>(start + placeAt, PlaceBytes).ToArray());
        byte* levels = start + placeAt + PlaceBytes;
        if (place[0] != (ulong)rows || place[1] != Graph.Connectivity || place[2] != 2 * Graph.Connectivity || place[4] >= (ulong)rows
            || place[3] > (ulong)short.MaxValue || Level(levels, (long)place[4]) != (short)place[3])
        {
            throw new InvalidDataException("is damaged: its graph's head contradicts its vectors");
        }

        byte* node = levels + (rows * sizeof(short));
        byte* end = start + length;
        for (long row = 0; row < rows; row++)
        {
            short level = Level(levels, row);
            long bytes = NodeHeadBytes + BaseListBytes + ((long)level * ListBytes);
            if (level < 0 || level > (short)place[3] || bytes > end - node || !IsWhole(node, level, levels, (uint)rows, (ulong)keys))
            {
                throw new InvalidDataException($"is damaged at node {row} of {rows}");
            }

            node += bytes;
        }

        return node == end ? (rows, (int)width) : throw new InvalidDataException($"has {end - node} bytes after its last node");
    }

    private static void CheckHead(ReadOnlySpan<byte> head, long rows, long width)
    {
        // Magic, three numbers of the version, metric, scalar, key and slot kinds, present, deleted, dimensions.
        if (!head.StartsWith(Magic)) { throw new InvalidDataException("is not an index of USearch"); }
        if (BinaryPrimitives.ReadUInt64LittleEndian(head[17..]) != (ulong)rows
            || BinaryPrimitives.ReadUInt64LittleEndian(head[25..]) != 0
            || BinaryPrimitives.ReadUInt64LittleEndian(head[33..]) != (ulong)width)
        {
            throw new InvalidDataException("is damaged: its head contradicts its vectors");
        }
    }

    private static bool IsWhole(byte* node, short level, byte* levels, uint rows, ulong keys)
    {
        if (*(ulong*)node >= keys || *(short*)(node + sizeof(ulong)) != level) { return false; }

        byte* list = node + NodeHeadBytes;
        if (!IsWhole(list, 2 * Graph.Connectivity, rows)) { return false; }

        list += BaseListBytes;
        for (int at = 1; at <= level; at++, list += ListBytes)
        {
            if (!IsWhole(list, Graph.Connectivity, rows)) { return false; }

            // The library reads the neighbour's own list of this level, which a lower node does not have.
            uint count = *(uint*)list;
            for (int i = 1; i <= count; i++)
            {
                if (Level(levels, ((uint*)list)[i]) < at) { return false; }
            }
        }

        return true;
    }

    private static bool IsWhole(byte* list, int most, uint rows)
    {
        uint count = *(uint*)list;
        if (count > most) { return false; }

        for (int i = 1; i <= count; i++)
        {
            if (((uint*)list)[i] >= rows) { return false; }
        }

        return true;
    }

    private static short Level(byte* levels, long row) => ((short*)levels)[row];
}
