using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace LaionStream.Engine.Inference.Heads;

/// <summary>
/// Reads one linear layer as <c>torch.save(layer.state_dict())</c> writes it: a zip whose <c>…/data/0</c> and <c>…/data/1</c> are weight and bias, float32 little-endian
/// (LAION-AI/aesthetic-predictor <c>sa_0_4_vit_*_linear.pth</c>). The pickle beside them is never run.
/// </summary>
internal static class TorchLinearFile
{
    private const int Largest = 1 << 26;

    /// <summary>Reads the layer.</summary>
    /// <exception cref="InvalidDataException">It holds anything but one weight matrix with its bias.</exception>
    public static DenseLayer Read(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        float[][] storages =
        [
            .. zip.Entries.Select(entry => (Entry: entry, Place: Place(entry.FullName))).Where(e => e.Place is not null).OrderBy(e => e.Place).Select(e => Floats(e.Entry)),
        ];
        return storages is [{ Length: > 0 } weight, { Length: > 0 } bias] && weight.Length % bias.Length == 0
            ? new DenseLayer(weight, weight.Length / bias.Length, bias)
            : throw new InvalidDataException($"{path} holds tensors of {string.Join(", ", storages.Select(s => s.Length))} numbers; one linear layer (weight, bias) is wanted.");
    }

    private static int? Place(string name) =>
        name.LastIndexOf("/data/", StringComparison.Ordinal) is >= 0 and int at
        && int.TryParse(name.AsSpan(at + "/data/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : null;

    private static float[] Floats(ZipArchiveEntry entry)
    {
        if (entry.Length is <= 0 or > Largest || entry.Length % 4 != 0) { throw new InvalidDataException($"{entry.FullName} is {entry.Length} bytes long, which is no block of float32."); }

        var values = new float[entry.Length / 4];
        using Stream data = entry.Open();
        data.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
