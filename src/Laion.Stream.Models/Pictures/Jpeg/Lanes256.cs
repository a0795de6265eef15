using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Lanes of 256 bits: AVX2.</summary>
internal readonly struct Lanes256 : ILanes<Vector256<short>, Vector256<int>, Vector256<byte>>
{
    /// <inheritdoc/>
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> All(short value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Pairs(short even, short odd) => Vector256.Create((odd << 16) | (ushort)even).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Load(ref short source) => Vector256.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref byte source) => Vector256.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Add(Vector256<short> a, Vector256<short> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Subtract(Vector256<short> a, Vector256<short> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Multiply(Vector256<short> a, Vector256<short> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b) => Avx2.MultiplyHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ShiftLeft(Vector256<short> a, int bits) => a << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ShiftRight(Vector256<short> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Or(Vector256<short> a, Vector256<short> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Xor(Vector256<short> a, Vector256<short> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero(Vector256<short> a) => a == Vector256<short>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBeyond13Bits(Vector256<short> a) =>
        Vector256.GreaterThanAny((a + Vector256.Create((short)8192)).AsUInt16(), Vector256.Create((ushort)16383));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> UnpackLow(Vector256<short> a, Vector256<short> b) => Avx2.UnpackLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> UnpackHigh(Vector256<short> a, Vector256<short> b) => Avx2.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> UnpackLow32(Vector256<short> a, Vector256<short> b) => Avx2.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> UnpackHigh32(Vector256<short> a, Vector256<short> b) => Avx2.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> UnpackLow64(Vector256<short> a, Vector256<short> b) => Avx2.UnpackLow(a.AsInt64(), b.AsInt64()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> UnpackHigh64(Vector256<short> a, Vector256<short> b) => Avx2.UnpackHigh(a.AsInt64(), b.AsInt64()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<short> a, Vector256<short> b) => Avx2.MultiplyAddAdjacent(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AsInts(Vector256<short> a) => a.AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Subtract(Vector256<int> a, Vector256<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AllInts(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> a, int bits) => a >> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Pack(Vector256<int> a, Vector256<int> b) => Avx2.PackSignedSaturate(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> PackBytes(Vector256<short> a, Vector256<short> b) => Avx2.PackUnsignedSaturate(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> EvenBytes(Vector256<byte> a) => (a.AsUInt16() & Vector256.Create((ushort)0xFF)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> OddBytes(Vector256<byte> a) => (a.AsUInt16() >> 8).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSamples(Vector256<short> a, Vector256<short> b, ref byte rowA, ref byte rowB)
    {
        Vector256<long> both = Avx2.PackSignedSaturate(a, b).AsInt64();
        Vector256<byte> rows = Avx2.Permute4x64(both, 0b_11_01_10_00).AsByte() ^ Vector256.Create((byte)0x80);
        rows.GetLower().StoreUnsafe(ref rowA);
        rows.GetUpper().StoreUnsafe(ref rowB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRgb(Vector256<byte> red, Vector256<byte> green, Vector256<byte> blue, ref byte pixels)
    {
        for (int part = 0; part < 3; part++)
        {
            Vector256<byte> bytes = Place(red, RgbOrder.Red(part)) | Place(green, RgbOrder.Green(part)) | Place(blue, RgbOrder.Blue(part));
            bytes.GetLower().StoreUnsafe(ref pixels, (nuint)(0 + (part * 16)));
            bytes.GetUpper().StoreUnsafe(ref pixels, (nuint)(48 + (part * 16)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> LoadWide(ref byte source) =>
        Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> JoinBytes(Vector256<short> even, Vector256<short> odd) => (even | (odd << 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<short> a, ref short target) => a.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> a, ref byte target) => a.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow(Vector256<short> a, ref byte target) =>
        Vector256.Narrow(a.AsUInt16(), a.AsUInt16()).GetLower().StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Place(Vector256<byte> samples, Vector128<byte> part) => Avx2.Shuffle(samples, Vector256.Create(part, part));
}
