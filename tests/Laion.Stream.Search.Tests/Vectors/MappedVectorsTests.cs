using System.Text;
using LaionStream.Search.Tests.Index;
using LaionStream.Search.Vectors;

namespace LaionStream.Search.Tests.Vectors;

public sealed class MappedVectorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("laion-npy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 1)]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 2)]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 3)]
    [InlineData("{'shape': (2L, 3L), 'fortran_order': False, 'descr': '<f2'}", 1)]
    public void Open_HeadsThatNumpyWrites_AreRead(string dictionary, byte version)
    {
        string path = Write(dictionary, version, [1, 0, 2, 0, 3, 0, 0, 0x3C, 0, 0xBC, 0, 0]);
        using MappedVectors vectors = MappedVectors.Open(path);

        float[] second = new float[3];
        vectors.Copy(1, second);

        Assert.Equal([1f, -1f, 0f], second);
        Assert.Equal((2, 3, true), (vectors.Shape.Rows, vectors.Shape.Width, vectors.Shape.IsHalf));
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", 1, 12, "'<f8'")]
    [InlineData("{'descr': '>f2', 'fortran_order': False, 'shape': (2, 3), }", 1, 12, "'>f2'")]
    [InlineData("{'descr': [('a', '<f2')], 'fortran_order': False, 'shape': (2, 3), }", 1, 12, "unknown")]
    [InlineData("{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }", 1, 12, "fortran_order")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (6,), }", 1, 12, "shape")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2, 3), }", 1, 12, "shape")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 0), }", 1, 0, "shape")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (999999999999999999, 65536), }", 1, 12, "cut short")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 1, 11, "cut short")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 1, 12, "cut short")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 1, 13, "1 bytes after")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 9, 12, "format 9")]
    public void Open_AnythingElse_NamesTheFileAndTheFault(string dictionary, byte version, int data, string fault)
    {
        string path = Write(dictionary, version, new byte[data]);

        string message = Assert.Throws<InvalidDataException>(() => MappedVectors.Open(path)).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EveryCutOfAFile_IsRefused()
    {
        byte[] whole = File.ReadAllBytes(Write("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }", 1, new byte[12]));
        string path = Path.Combine(_folder, "cut.npy");
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<InvalidDataException>(() => MappedVectors.Open(path));
        }
    }

    [Fact]
    public void Copy_EveryHalf_IsItsExactValue()
    {
        Half[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite)];
        MadeVectors.WriteNpy(Path.Combine(_folder, "all.npy"), [.. all.Chunk(512).Select(row => Array.ConvertAll(row, number => (float)number))]);
        using MappedVectors vectors = MappedVectors.Open(Path.Combine(_folder, "all.npy"));

        float[] row = new float[512];
        for (int i = 0; i < vectors.Shape.Rows; i++)
        {
            vectors.Copy(i, row);
            Assert.Equal(Array.ConvertAll(all[(i * 512)..((i + 1) * 512)], number => (float)number), row);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => vectors.Copy(vectors.Shape.Rows, row));
    }

    private string Write(string dictionary, byte version, byte[] data)
    {
        string path = Path.Combine(_folder, "vectors.npy");
        byte[] text = Encoding.ASCII.GetBytes(dictionary + "\n");
        byte[] length = version == 1 ? [(byte)text.Length, 0] : [(byte)text.Length, 0, 0, 0];
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data]);
        return path;
    }
}
