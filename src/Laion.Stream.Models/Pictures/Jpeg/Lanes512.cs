using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Lanes of 512 bits: AVX-512 (F and BW).</summary>
internal readonly struct Lanes512 : ILanes<Vector512<short>, Vector512<int>, Vector512<byte>>
{
    /// <inheritdoc/>
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> All(short value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Pairs(short even, short odd) => Vector512.Create((odd << 16) | (ushort)even).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Load(ref short source) => Vector512.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref byte source) => Vector512.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Add(Vector512<short> a, Vector512<short> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Subtract(Vector512<short> a, Vector512<short> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Multiply(Vector512<short> a, Vector512<short> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyHigh(Vector512<short> a, Vector512<short> b) => Avx512BW.MultiplyHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> ShiftLeft(Vector512<short> a, int bits) => a << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> ShiftRight(Vector512<short> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Or(Vector512<short> a, Vector512<short> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Xor(Vector512<short> a, Vector512<short> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero(Vector512<short> a) => a == Vector512<short>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBeyond13Bits(Vector512<short> a) =>
        Vector512.GreaterThanAny((a + Vector512.Create((short)8192)).AsUInt16(), Vector512.Create((ushort)16383));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> UnpackLow(Vector512<short> a, Vector512<short> b) => Avx512BW.UnpackLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> UnpackHigh(Vector512<short> a, Vector512<short> b) => Avx512BW.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> UnpackLow32(Vector512<short> a, Vector512<short> b) => Avx512F.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> UnpackHigh32(Vector512<short> a, Vector512<short> b) => Avx512F.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> UnpackLow64(Vector512<short> a, Vector512<short> b) => Avx512F.UnpackLow(a.AsInt64(), b.AsInt64()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> UnpackHigh64(Vector512<short> a, Vector512<short> b) => Avx512F.UnpackHigh(a.AsInt64(), b.AsInt64()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<short> a, Vector512<short> b) => Avx512BW.MultiplyAddAdjacent(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AsInts(Vector512<short> a) => a.AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Subtract(Vector512<int> a, Vector512<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AllInts(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Pack(Vector512<int> a, Vector512<int> b) => Avx512BW.PackSignedSaturate(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> PackBytes(Vector512<short> a, Vector512<short> b) => Avx512BW.PackUnsignedSaturate(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> EvenBytes(Vector512<byte> a) => (a.AsUInt16() & Vector512.Create((ushort)0xFF)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> OddBytes(Vector512<byte> a) => (a.AsUInt16() >> 8).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSamples(Vector512<short> a, Vector512<short> b, ref byte rowA, ref byte rowB)
    {
        Vector512<long> both = Avx512BW.PackSignedSaturate(a, b).AsInt64();
        Vector512<byte> rows = Avx512F.PermuteVar8x64(both, Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7)).AsByte() ^ Vector512.Create((byte)0x80);
        rows.GetLower().StoreUnsafe(ref rowA);
        rows.GetUpper().StoreUnsafe(ref rowB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRgb(Vector512<byte> red, Vector512<byte> green, Vector512<byte> blue, ref byte pixels)
    {
        for (int part = 0; part < 3; part++)
        {
            Vector512<byte> bytes = Place(red, RgbOrder.Red(part)) | Place(green, RgbOrder.Green(part)) | Place(blue, RgbOrder.Blue(part));
            bytes.GetLower().GetLower().StoreUnsafe(ref pixels, (nuint)(0 + (part * 16)));
            bytes.GetLower().GetUpper().StoreUnsafe(ref pixels, (nuint)(48 + (part * 16)));
            bytes.GetUpper().GetLower().StoreUnsafe(ref pixels, (nuint)(96 + (part * 16)));
            bytes.GetUpper().GetUpper().StoreUnsafe(ref pixels, (nuint)(144 + (part * 16)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> LoadWide(ref byte source) =>
        Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> JoinBytes(Vector512<short> even, Vector512<short> odd) => (even | (odd << 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<short> a, ref short target) => a.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> a, ref byte target) => a.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow(Vector512<short> a, ref byte target) =>
        Avx512BW.ConvertToVector256Byte(a).StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Place(Vector512<byte> samples, Vector128<byte> part) =>
        Avx512BW.Shuffle(samples, Vector512.Create(Vector256.Create(part, part), Vector256.Create(part, part)));
}
