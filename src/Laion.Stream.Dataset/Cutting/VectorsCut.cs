using LaionStream.Dataset.Vectors;

namespace LaionStream.Dataset.Cutting;

/// <summary>Copies the vectors of the rows that stay.</summary>
public static class VectorsCut
{
    /// <summary>Copies.</summary>
    /// <param name="path">A NumPy file of float16.</param>
    /// <param name="output">Receives the file.</param>
    /// <param name="rows">The rows that stay.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static async Task CopyAsync(string path, Stream output, RowFilter rows, CancellationToken abort)
    {
        await using FileStream input = File.OpenRead(path);
        byte[] head = new byte[NpyHeader.Bytes];
        await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, abort);
        if (NpyHeader.Parse(head) is not var (count, width)) { throw new InvalidDataException($"'{path}' does not begin as a NumPy file of float16 vectors."); }

        await output.WriteAsync(NpyHeader.Make(rows.Kept, width), abort);
        await CopyRowsAsync(input, output, count, width * NpyHeader.NumberBytes, rows, abort);
    }

    /// <summary>Copies rows of one size, of which others may precede in the output.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than its head says.</exception>
    public static async Task CopyRowsAsync(Stream input, Stream output, long count, int rowBytes, RowFilter rows, CancellationToken abort)
    {
        int atOnce = Math.Max(1, (1 << 20) / rowBytes);
        byte[] buffer = new byte[atOnce * rowBytes];
        for (long row = 0; row < count; row += atOnce)
        {
            int read = (int)Math.Min(atOnce, count - row);
            await input.ReadExactlyAsync(buffer.AsMemory(0, read * rowBytes), abort);
            int kept = 0;
            for (int i = 0; i < read; i++)
            {
                if (!rows.Keeps(row + i)) { continue; }

                buffer.AsSpan(i * rowBytes, rowBytes).CopyTo(buffer.AsSpan(kept++ * rowBytes));
            }

            await output.WriteAsync(buffer.AsMemory(0, kept * rowBytes), abort);
        }
    }
}
