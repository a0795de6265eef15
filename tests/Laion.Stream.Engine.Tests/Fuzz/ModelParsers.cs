using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using LaionStream.Models.Heads.Weights;
using LaionStream.Models.Onnx;
using LaionStream.Models.Tokenizers;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Parsers of published model files.</summary>
internal static class ModelParsers
{
    private static readonly Lazy<TempFolder> Folder = new(() => new TempFolder());

    /// <summary>The parsers.</summary>
    public static IEnumerable<ByteParser> All { get; } =
    [
        new("npy", () => [Npy(1), Npy(2)], file => NpyFile.Read(At("w.npy", file)))
        {
            Allowed = [typeof(InvalidDataException)], SweptPlaces = 40, Rounds = 1000,
        },
        new("safetensors", () => [Safetensors()], file => SafetensorsFile.Read(At("w.safetensors", file)))
        {
            Allowed = [typeof(InvalidDataException)], SweptPlaces = 60, Rounds = 1000,
        },
        new("torch", () => [.. TorchFiles("*_zip.pth"), .. TorchFiles("*_legacy.pth")], file => TorchFile.Read(At("w.pth", file)))
        {
            Allowed = [typeof(InvalidDataException)], MostBytes = 4L << 30, SweptPlaces = 10, Rounds = 1000, // a zip's entry may declare 1 GiB
        },
        new("pickle", () => [Pickled()], file => new Pickle(file).Read(out _)) { Allowed = [typeof(InvalidDataException)], Rounds = 10_000 },
        new("onnx external data", () => [Onnx()], file => OnnxExternalData.Of(At("m.onnx", file)))
        {
            Allowed = [typeof(InvalidDataException)], SweptPlaces = 100, Rounds = 1000,
        },
        new("tokenizer", () => [Encoding.UTF8.GetBytes(MadeTokenizers.Unigram), Encoding.UTF8.GetBytes(MadeTokenizers.WordPiece)], Tokenizer)
        {
            Allowed = [typeof(ModelException)], SweptPlaces = 5, Rounds = 800,
        },
        new("character map", () => [CharacterMap()], file => new PrecompiledMap(file).Apply("ﬁ A\u030A x\U0001F600"))
        {
            Allowed = [typeof(InvalidDataException)], SweptPlaces = 100, Rounds = 5000,
        },
    ];

    private static string At(string name, byte[] file)
    {
        string path = Folder.Value.At(name);
        File.WriteAllBytes(path, file);
        return path;
    }

    private static void Tokenizer(byte[] file)
    {
        At("tokenizer.json", file);
        ITextTokenizer? tokenizer = TokenizerFiles.Find([Folder.Value.Root], out _);
        tokenizer!.Encode("Ein Kreislauf, rot fish ﬁ", new int[16]);
    }

    private static byte[] Npy(byte version)
    {
        byte[] header = Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }        \n");
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. new byte[24]];
    }

    private static byte[] Safetensors()
    {
        byte[] header = Encoding.ASCII.GetBytes(
            """{"__metadata__":{"a":"b"},"0.weight":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]},"0.bias":{"dtype":"F16","shape":[1],"data_offsets":[16,18]}}""");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. new byte[18]];
    }

    private static IEnumerable<byte[]> TorchFiles(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Heads", "Weights", "Torch"), pattern)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static byte[] Pickled()
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Heads", "Weights", "Torch", "mlp_zip.pth"));
        using Stream pickle = zip.Entries.First(entry => entry.Name == "data.pkl").Open();
        using var bytes = new MemoryStream();
        pickle.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Onnx()
    {
        string path = Folder.Value.At("made.onnx");
        new OnnxWriter().Input("x", OnnxWriter.Element.Float, 1, 2).External("w", OnnxWriter.Element.Float, "w.bin", 2).Weights("b", [1, 2], 2).Save(path);
        return File.ReadAllBytes(path);
    }

    private static byte[] CharacterMap()
    {
        using var json = System.Text.Json.JsonDocument.Parse(MadeTokenizers.Unigram);
        return json.RootElement.GetProperty("normalizer").GetProperty("normalizers")[0].GetProperty("precompiled_charsmap").GetBytesFromBase64();
    }
}
