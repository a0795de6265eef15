using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LaionStream.Host.Verbs;

/// <summary>
/// One NumPy file of float32 or float16 [N, D] (format 1.0: magic, version, header length, a Python dict literal, data).
/// The file appears under its name when it contains all rows.
/// </summary>
internal sealed class NpyOutput : IVectorOutput
{
    /// <summary>Size from the magic to the newline; a multiple of 64, with space for any count.</summary>
    private const int HeaderBytes = 128;

    private readonly string _path;
    private readonly int _width;
    private readonly bool _isHalf;
    private readonly FileStream _file;
    private long _rows;

    /// <summary>Starts the file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="isHalf">Whether the numbers are float16.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public NpyOutput(string path, int width, bool isHalf)
    {
        _isHalf = isHalf;
        _path = path;
        _width = width;
        _file = File.Create(path + ".part");
        _file.Write(new byte[HeaderBytes]);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string kind, string of, ReadOnlyMemory<float> vector)
    {
        await _file.WriteAsync(_isHalf ? Halves(vector.Span) : MemoryMarshal.AsBytes(vector.Span).ToArray());
        _rows++;
    }

    /// <inheritdoc/>
    public void Complete()
    {
        string dictionary = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '{(_isHalf ? "<f2" : "<f4")}', 'fortran_order': False, 'shape': ({_rows}, {_width}), }}");
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - 10, 0, .. Encoding.ASCII.GetBytes(dictionary.PadRight(HeaderBytes - 11)), (byte)'\n'];
        _file.Position = 0;
        _file.Write(header);
        _file.Dispose();
        File.Move(_path + ".part", _path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path + ".part"); // no longer there when complete
    }

    private static byte[] Halves(ReadOnlySpan<float> vector)
    {
        var halves = new Half[vector.Length];
        for (int i = 0; i < vector.Length; i++) { halves[i] = (Half)vector[i]; }

        return MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
    }
}
