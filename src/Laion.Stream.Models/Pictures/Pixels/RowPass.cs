using System.Buffers;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Gives the rows of a decoded picture to sinks.</summary>
internal static class RowPass
{
    /// <summary>Reads each row that a sink needs once.</summary>
    public static void Run(Picture picture, params ReadOnlySpan<IRowSink> sinks)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(2 * picture.ScratchBytes);
        ReadOnlySpan<byte> previous = default;
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> row = default;
            foreach (IRowSink sink in sinks)
            {
                if (sink.ColumnsOf(y).IsEmpty) { continue; }
                if (row.IsEmpty) { row = picture.Row(y, scratch.AsSpan((y & 1) * picture.ScratchBytes, picture.ScratchBytes)); }
                sink.Add(y, row, previous);
            }

            previous = row;
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }
}
