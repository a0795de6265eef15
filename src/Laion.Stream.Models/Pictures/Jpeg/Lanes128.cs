using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Lanes of 128 bits with the runtime's portable operations: for arm64, and for x86 without AVX2.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<short>, Vector128<int>, Vector128<byte>>
{
    /// <inheritdoc/>
    public static int Count => 1;

    private static Vector128<short> EveryOther16 => Vector128.Create(0x0000FFFF).AsInt16();

    private static Vector128<short> EveryOther32 => Vector128.Create(0x00000000FFFFFFFFL).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> All(short value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Pairs(short even, short odd) => Vector128.Create((odd << 16) | (ushort)even).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Load(ref short source) => Vector128.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ref byte source) => Vector128.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Add(Vector128<short> a, Vector128<short> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Subtract(Vector128<short> a, Vector128<short> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Multiply(Vector128<short> a, Vector128<short> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyHigh(Vector128<short> a, Vector128<short> b) =>
        Vector128.Narrow((Vector128.WidenLower(a) * Vector128.WidenLower(b)) >> 16, (Vector128.WidenUpper(a) * Vector128.WidenUpper(b)) >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftLeft(Vector128<short> a, int bits) => a << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftRight(Vector128<short> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Or(Vector128<short> a, Vector128<short> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Xor(Vector128<short> a, Vector128<short> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero(Vector128<short> a) => a == Vector128<short>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBeyond13Bits(Vector128<short> a) =>
        Vector128.GreaterThanAny((a + Vector128.Create((short)8192)).AsUInt16(), Vector128.Create((ushort)16383));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackLow(Vector128<short> a, Vector128<short> b) =>
        Mix(a, b, Vector128.Create((byte)0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7), EveryOther16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackHigh(Vector128<short> a, Vector128<short> b) =>
        Mix(a, b, Vector128.Create((byte)8, 9, 8, 9, 10, 11, 10, 11, 12, 13, 12, 13, 14, 15, 14, 15), EveryOther16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackLow32(Vector128<short> a, Vector128<short> b) =>
        Mix(a, b, Vector128.Create((byte)0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7), EveryOther32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackHigh32(Vector128<short> a, Vector128<short> b) =>
        Mix(a, b, Vector128.Create((byte)8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15), EveryOther32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackLow64(Vector128<short> a, Vector128<short> b) => Vector128.Create(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> UnpackHigh64(Vector128<short> a, Vector128<short> b) => Vector128.Create(a.GetUpper(), b.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<short> a, Vector128<short> b) =>
        (((a.AsInt32() << 16) >> 16) * ((b.AsInt32() << 16) >> 16)) + ((a.AsInt32() >> 16) * (b.AsInt32() >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AsInts(Vector128<short> a) => a.AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Subtract(Vector128<int> a, Vector128<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AllInts(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRight(Vector128<int> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Pack(Vector128<int> a, Vector128<int> b) => Vector128.NarrowWithSaturation(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PackBytes(Vector128<short> a, Vector128<short> b) =>
        Vector128.NarrowWithSaturation(Vector128.Max(a, Vector128<short>.Zero).AsUInt16(), Vector128.Max(b, Vector128<short>.Zero).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> EvenBytes(Vector128<byte> a) => (a.AsUInt16() & Vector128.Create((ushort)0xFF)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> OddBytes(Vector128<byte> a) => (a.AsUInt16() >> 8).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSamples(Vector128<short> a, Vector128<short> b, ref byte rowA, ref byte rowB)
    {
        Vector128<byte> rows = Vector128.NarrowWithSaturation(a, b).AsByte() ^ Vector128.Create((byte)0x80);
        Unsafe.WriteUnaligned(ref rowA, rows.AsUInt64().GetElement(0));
        Unsafe.WriteUnaligned(ref rowB, rows.AsUInt64().GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRgb(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, ref byte pixels)
    {
        for (int part = 0; part < 3; part++)
        {
            Vector128<byte> bytes = Vector128.Shuffle(red, RgbOrder.Red(part)) | Vector128.Shuffle(green, RgbOrder.Green(part))
                | Vector128.Shuffle(blue, RgbOrder.Blue(part));
            bytes.StoreUnsafe(ref pixels, (nuint)(part * 16));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> LoadWide(ref byte source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref source)).AsByte()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> JoinBytes(Vector128<short> even, Vector128<short> odd) => (even | (odd << 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<short> a, ref short target) => a.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> a, ref byte target) => a.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow(Vector128<short> a, ref byte target) =>
        Unsafe.WriteUnaligned(ref target, Vector128.Narrow(a.AsUInt16(), a.AsUInt16()).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Mix(Vector128<short> a, Vector128<short> b, Vector128<byte> order, Vector128<short> first) =>
        Vector128.ConditionalSelect(first, Vector128.Shuffle(a.AsByte(), order).AsInt16(), Vector128.Shuffle(b.AsByte(), order).AsInt16());
}
