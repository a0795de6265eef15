using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>
/// A picture's EXIF as JSON text, under the names of exifread, which img2dataset uses (<c>Image Make</c>, <c>EXIF ExposureTime</c>, <c>GPS GPSLatitude</c>):
/// texts, numbers, lists of numbers, and rationals as text (<c>1/50</c>). Not the thumbnail and the maker's note.
/// </summary>
/// <remarks>The block is untrusted: nothing in it makes this throw, loop, or write more than <see cref="MaxLength"/> characters of values.</remarks>
internal static class ExifText
{
    /// <summary>Characters of all names and values; a tag beyond that is left out.</summary>
    public const int MaxLength = 8192;

    private const int MaxTags = 128;
    private const int MaxEntries = 1024; // of all directories, those that are not written among them
    private const int MaxText = 256;
    private const int MaxNumbers = 16;

    private static readonly (ushort Pointer, string Name)[] Directories = [(0x8769, "EXIF"), (0x8825, "GPS"), (0xA005, "Interoperability")];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The EXIF of a file: JPEG, PNG, WebP or TIFF.</summary>
    /// <param name="body">The file.</param>
    /// <returns>Null when it has none, or none of its tags can be read.</returns>
    public static string? Of(ReadOnlySpan<byte> body)
    {
        ImageHeader header = ImageHeader.Read(body);
        return header.Format == ImageFormat.Tiff ? OfBlock(body)
            : header.ExifLength > 0 ? OfBlock(body.Slice(header.ExifStart, header.ExifLength)) : null;
    }

    /// <summary>The tags of a block.</summary>
    /// <param name="tiff">The block from its byte order mark on.</param>
    public static string? OfBlock(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) { return null; }
        bool little = tiff[0] == (byte)'I' && tiff[1] == (byte)'I';
        if (!little && !(tiff[0] == (byte)'M' && tiff[1] == (byte)'M')) { return null; }

        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        var walk = new Walk(tiff, little, json);
        walk.Add(walk.UInt32(4), "Image");
        json.WriteEndObject();
        json.Flush();
        return walk.Tags == 0 ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private ref struct Walk(ReadOnlySpan<byte> tiff, bool little, Utf8JsonWriter json)
    {
        private readonly ReadOnlySpan<byte> _tiff = tiff;
        private readonly HashSet<string> _written = new(StringComparer.Ordinal);
        private int _entries;
        private int _length;

        public readonly int Tags => _written.Count;

        /// <summary>Writes the tags of a directory, and of those that it points to, each at most once.</summary>
        public void Add(uint directory, string name)
        {
            Span<uint> pointers = stackalloc uint[Directories.Length];
            if (directory < 8 || directory > _tiff.Length - 2) { return; }
            int count = UInt16((int)directory);
            for (long at = directory + 2L; count > 0 && at + 12 <= _tiff.Length && _entries < MaxEntries; count--, at += 12)
            {
                _entries++;
                ushort tag = UInt16((int)at);
                int pointer = name == "Image" ? Array.FindIndex(Directories, known => known.Pointer == tag)
                    : name == "EXIF" && tag == Directories[^1].Pointer ? Directories.Length - 1 : -1;
                if (pointer >= 0) { pointers[pointer] = UInt32((int)at + 8); }
                else { Write(name, tag, (int)at); }
            }

            for (int i = 0; i < pointers.Length; i++)
            {
                if (pointers[i] != 0) { Add(pointers[i], Directories[i].Name); }
            }
        }

        public readonly uint UInt32(int at) =>
            little ? BinaryPrimitives.ReadUInt32LittleEndian(_tiff[at..]) : BinaryPrimitives.ReadUInt32BigEndian(_tiff[at..]);

        private readonly ushort UInt16(int at) =>
            little ? BinaryPrimitives.ReadUInt16LittleEndian(_tiff[at..]) : BinaryPrimitives.ReadUInt16BigEndian(_tiff[at..]);

        private void Write(string directory, ushort tag, int entry)
        {
            if (ExifTags.IsLeftOut(tag) || Tags >= MaxTags) { return; }
            int type = UInt16(entry + 2);
            long bytes = (long)UInt32(entry + 4) * ExifTags.SizeOf(type);
            long at = bytes <= 4 ? entry + 8 : UInt32(entry + 8);
            if (bytes <= 0 || at + bytes > _tiff.Length) { return; }

            string key = $"{directory} {ExifTags.NameOf(directory, tag)}";
            string? value = ValueOf(tag, type, (int)at, (int)bytes);
            if (value is null || _length + key.Length + value.Length > MaxLength || !_written.Add(key)) { return; }

            _length += key.Length + value.Length;
            json.WritePropertyName(key);
            json.WriteRawValue(value);
        }

        /// <summary>The value as JSON; null for one that is not written.</summary>
        private readonly string? ValueOf(ushort tag, int type, int at, int bytes)
        {
            ReadOnlySpan<byte> raw = _tiff.Slice(at, bytes);
            if (ExifTags.IsUtf16(tag)) { return Quote(Encoding.Unicode.GetString(raw[..Math.Min(raw.Length & ~1, 2 * MaxText)])); }
            if (type == ExifTags.Ascii) { return Quote(TextOf(raw)); }
            if (type == ExifTags.Undefined) { return UndefinedOf(tag, raw); }

            int count = bytes / ExifTags.SizeOf(type);
            if (count > MaxNumbers) { return null; }
            string[] numbers = new string[count];
            for (int i = 0; i < count; i++)
            {
                if (NumberOf(type, at + (i * ExifTags.SizeOf(type))) is not { } number) { return null; }
                numbers[i] = number;
            }

            return count == 1 ? numbers[0] : $"[{string.Join(",", numbers)}]";
        }

        private readonly string? NumberOf(int type, int at) => type switch
        {
            ExifTags.Byte => Invariant($"{_tiff[at]}"),
            ExifTags.SignedByte => Invariant($"{(sbyte)_tiff[at]}"),
            ExifTags.Short => Invariant($"{UInt16(at)}"),
            ExifTags.SignedShort => Invariant($"{(short)UInt16(at)}"),
            ExifTags.Long => Invariant($"{UInt32(at)}"),
            ExifTags.SignedLong => Invariant($"{(int)UInt32(at)}"),
            ExifTags.Rational => Invariant($"\"{UInt32(at)}/{UInt32(at + 4)}\""),
            ExifTags.SignedRational => Invariant($"\"{(int)UInt32(at)}/{(int)UInt32(at + 4)}\""),
            ExifTags.Float => Real(BitConverter.UInt32BitsToSingle(UInt32(at))),
            ExifTags.Double => Real(BitConverter.UInt64BitsToDouble(
                little ? ((ulong)UInt32(at + 4) << 32) | UInt32(at) : ((ulong)UInt32(at) << 32) | UInt32(at + 4))),
            _ => null,
        };
    }

    /// <summary>Bytes without a type: a comment begins with its character set; others are written where they are a text.</summary>
    private static string? UndefinedOf(ushort tag, ReadOnlySpan<byte> raw)
    {
        if (tag == ExifTags.UserComment && raw.Length > 8)
        {
            ReadOnlySpan<byte> text = raw[8..];
            return raw.StartsWith("UNICODE\0"u8) ? Quote(Encoding.BigEndianUnicode.GetString(text[..Math.Min(text.Length & ~1, 2 * MaxText)])) : Quote(TextOf(text));
        }

        return raw.Length <= MaxText && !raw.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) ? Quote(TextOf(raw)) : null;
    }

    /// <summary>Text up to the first NUL: UTF-8 if it is that, else Latin-1.</summary>
    private static string TextOf(ReadOnlySpan<byte> raw)
    {
        int end = raw.IndexOf((byte)0);
        raw = end < 0 ? raw : raw[..end];
        raw = raw[..Math.Min(raw.Length, 4 * MaxText)];
        return System.Text.Unicode.Utf8.IsValid(raw) ? Encoding.UTF8.GetString(raw) : Encoding.Latin1.GetString(raw);
    }

    private static string? Quote(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        text = (end < 0 ? text : text[..end]).Trim();
        if (text.Length > MaxText) { text = text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)]; }
        return text.Length == 0 ? null : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
    }

    private static string? Real(double value) => double.IsFinite(value) ? Invariant($"{value:R}") : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
