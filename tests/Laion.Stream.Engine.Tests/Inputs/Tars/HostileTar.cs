using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LaionStream.Engine.Tests.Inputs.Tars;

/// <summary>Writes tars header by header, so that they can be wrong.</summary>
internal sealed class HostileTar
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray(bool ended = true) => ended ? [.. _bytes.ToArray(), .. new byte[1024]] : _bytes.ToArray();

    public HostileTar Add(string name, string content, char kind = '0', string magic = "ustar\000") =>
        Add(name, Encoding.UTF8.GetBytes(content), kind, magic: magic);

    public HostileTar Add(string name, byte[] content, char kind = '0', long? size = null, string prefix = "", bool spoil = false, bool binary = false,
        string magic = "ustar\000", byte continued = 0)
    {
        byte[] block = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(block, 0);
        Encoding.ASCII.GetBytes(prefix).CopyTo(block, 345);
        if (binary || size > 0x1_FFFF_FFFF)
        {
            BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(128), size ?? content.Length);
            block[124] = 0x80;
        }
        else
        {
            Encoding.ASCII.GetBytes(Convert.ToString(size ?? content.Length, 8).PadLeft(11, '0')).CopyTo(block, 124);
        }

        block[156] = (byte)kind;
        Encoding.ASCII.GetBytes(magic).CopyTo(block, 257);
        if (continued != 0) { block[482] = continued; }
        block.AsSpan(148, 8).Fill((byte)' ');
        int sum = block.Sum(one => one) + (spoil ? 1 : 0);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        _bytes.Write(block);
        return Raw(content);
    }

    /// <summary>Bytes, padded to a block.</summary>
    public HostileTar Raw(byte[] content)
    {
        _bytes.Write(content);
        _bytes.Write(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    public static string Pax(string key, string value)
    {
        int length = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        int digits = length.ToString(CultureInfo.InvariantCulture).Length;
        digits = (length + digits).ToString(CultureInfo.InvariantCulture).Length;
        return string.Create(CultureInfo.InvariantCulture, $"{length + digits} {key}={value}\n");
    }
}
