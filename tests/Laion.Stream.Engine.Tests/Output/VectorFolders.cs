using System.Buffers.Binary;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Engine.Tests.Output;

/// <summary>Reads the NumPy files of an output.</summary>
internal static class VectorFolders
{
    /// <summary>The rows of a file.</summary>
    public static async Task<Half[][]> ReadAsync(string path)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        (long rows, int width) = NpyHeader.Parse(bytes) ?? throw new InvalidDataException(path);
        Assert.Equal(NpyHeader.Bytes + (rows * width * NpyHeader.NumberBytes), bytes.Length);
        return [.. Enumerable.Range(0, (int)rows).Select(row => Enumerable.Range(0, width)
            .Select(i => BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(NpyHeader.Bytes + (((row * width) + i) * NpyHeader.NumberBytes)))).ToArray())];
    }
}
