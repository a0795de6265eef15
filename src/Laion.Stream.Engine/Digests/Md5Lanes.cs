using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace LaionStream.Engine.Digests;

/// <summary>
/// MD5 (RFC 1321) of several messages at once, each in a lane of the vectors. A step of MD5 needs the result of the step before it, so that one message keeps
/// a processor waiting; eight take little longer than one.
/// </summary>
internal static class Md5Lanes
{
    /// <summary>Messages that are computed at once.</summary>
    public const int Lanes = 8;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 64;

    private const int Worthwhile = 5; // with fewer the platform, one after the other, is as fast

    private static ReadOnlySpan<uint> Sines =>
    [
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
        0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
        0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
        0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
    ];

    /// <summary>Whether several at once are faster than one after the other here.</summary>
    public static bool IsFaster => Avx2.IsSupported;

    /// <summary>The MD5 of each message, 16 bytes.</summary>
    /// <param name="messages">Any number; a lane whose message has ended takes the next.</param>
    public static byte[][] Hash(ReadOnlySpan<ReadOnlyMemory<byte>> messages)
    {
        var digests = new byte[messages.Length][];
        if (!IsFaster || messages.Length < Worthwhile)
        {
            for (int i = 0; i < messages.Length; i++) { digests[i] = MD5.HashData(messages[i].Span); }
            return digests;
        }

        var lanes = new Md5Messages(messages);
        State state = State.Initial;
        while (lanes.BlocksAtOnce() is var blocks and > 0)
        {
            Compress(ref state, lanes.Next(0, blocks), lanes.Next(1, blocks), lanes.Next(2, blocks), lanes.Next(3, blocks),
                lanes.Next(4, blocks), lanes.Next(5, blocks), lanes.Next(6, blocks), lanes.Next(7, blocks));
            for (int lane = 0; lane < Lanes; lane++)
            {
                if (lanes.Advance(lane, blocks) is not { } ended) { continue; }
                digests[ended] = state.Digest(lane);
                state = state.Restart(lane);
            }
        }

        return digests;
    }

    /// <summary>Adds as many blocks of each message to the state; all spans have the same length, a multiple of a block's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(ref State state, ReadOnlySpan<byte> m0, ReadOnlySpan<byte> m1, ReadOnlySpan<byte> m2, ReadOnlySpan<byte> m3,
        ReadOnlySpan<byte> m4, ReadOnlySpan<byte> m5, ReadOnlySpan<byte> m6, ReadOnlySpan<byte> m7)
    {
        Span<Vector256<uint>> words = stackalloc Vector256<uint>[16];
        ref Vector256<uint> w = ref MemoryMarshal.GetReference(words);
        Vector256<uint> a = state.A, b = state.B, c = state.C, d = state.D;
        for (int at = 0; at < m0.Length; at += BlockBytes)
        {
            for (int half = 0; half < 2; half++)
            {
                int from = at + (half * 32);
                Transpose(Words(m0, from), Words(m1, from), Words(m2, from), Words(m3, from), Words(m4, from), Words(m5, from), Words(m6, from),
                    Words(m7, from), ref Unsafe.Add(ref w, half * 8));
            }

            Vector256<uint> a0 = a, b0 = b, c0 = c, d0 = d;
            ref uint sine = ref MemoryMarshal.GetReference(Sines);
            for (int i = 0; i < 16; i += 4)
            {
                a = Step(d ^ (b & (c ^ d)), a, b, Unsafe.Add(ref w, i), Unsafe.Add(ref sine, i), 7);
                d = Step(c ^ (a & (b ^ c)), d, a, Unsafe.Add(ref w, i + 1), Unsafe.Add(ref sine, i + 1), 12);
                c = Step(b ^ (d & (a ^ b)), c, d, Unsafe.Add(ref w, i + 2), Unsafe.Add(ref sine, i + 2), 17);
                b = Step(a ^ (c & (d ^ a)), b, c, Unsafe.Add(ref w, i + 3), Unsafe.Add(ref sine, i + 3), 22);
            }

            for (int i = 16; i < 32; i += 4)
            {
                a = Step(c ^ (d & (b ^ c)), a, b, Unsafe.Add(ref w, ((5 * i) + 1) & 15), Unsafe.Add(ref sine, i), 5);
                d = Step(b ^ (c & (a ^ b)), d, a, Unsafe.Add(ref w, ((5 * i) + 6) & 15), Unsafe.Add(ref sine, i + 1), 9);
                c = Step(a ^ (b & (d ^ a)), c, d, Unsafe.Add(ref w, ((5 * i) + 11) & 15), Unsafe.Add(ref sine, i + 2), 14);
                b = Step(d ^ (a & (c ^ d)), b, c, Unsafe.Add(ref w, (5 * i) & 15), Unsafe.Add(ref sine, i + 3), 20);
            }

            for (int i = 32; i < 48; i += 4)
            {
                a = Step(b ^ c ^ d, a, b, Unsafe.Add(ref w, ((3 * i) + 5) & 15), Unsafe.Add(ref sine, i), 4);
                d = Step(a ^ b ^ c, d, a, Unsafe.Add(ref w, ((3 * i) + 8) & 15), Unsafe.Add(ref sine, i + 1), 11);
                c = Step(d ^ a ^ b, c, d, Unsafe.Add(ref w, ((3 * i) + 11) & 15), Unsafe.Add(ref sine, i + 2), 16);
                b = Step(c ^ d ^ a, b, c, Unsafe.Add(ref w, ((3 * i) + 14) & 15), Unsafe.Add(ref sine, i + 3), 23);
            }

            for (int i = 48; i < 64; i += 4)
            {
                a = Step(c ^ (b | ~d), a, b, Unsafe.Add(ref w, (7 * i) & 15), Unsafe.Add(ref sine, i), 6);
                d = Step(b ^ (a | ~c), d, a, Unsafe.Add(ref w, ((7 * i) + 7) & 15), Unsafe.Add(ref sine, i + 1), 10);
                c = Step(a ^ (d | ~b), c, d, Unsafe.Add(ref w, ((7 * i) + 14) & 15), Unsafe.Add(ref sine, i + 2), 15);
                b = Step(d ^ (c | ~a), b, c, Unsafe.Add(ref w, ((7 * i) + 5) & 15), Unsafe.Add(ref sine, i + 3), 21);
            }

            (a, b, c, d) = (a + a0, b + b0, c + c0, d + d0);
        }

        state = new State(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Step(
        Vector256<uint> mixed, Vector256<uint> a, Vector256<uint> b, Vector256<uint> word, uint sine, [ConstantExpected] byte bits)
    {
        Vector256<uint> sum = a + word + Vector256.Create(sine) + mixed;
        return b + (Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(sum, bits) : (sum << bits) | (sum >>> (32 - bits)));
    }

    /// <summary>Eight words of a message. The caller's spans are whole blocks, so that 32 bytes at a multiple of 32 below the length are inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Words(ReadOnlySpan<byte> message, int from) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(message), (nuint)from).AsUInt32();

    /// <summary>Makes of eight words of each message one vector per word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Vector256<uint> m0, Vector256<uint> m1, Vector256<uint> m2, Vector256<uint> m3, Vector256<uint> m4, Vector256<uint> m5,
        Vector256<uint> m6, Vector256<uint> m7, ref Vector256<uint> words)
    {
        Vector256<ulong> a0 = Avx2.UnpackLow(m0, m1).AsUInt64(), a1 = Avx2.UnpackHigh(m0, m1).AsUInt64();
        Vector256<ulong> a2 = Avx2.UnpackLow(m2, m3).AsUInt64(), a3 = Avx2.UnpackHigh(m2, m3).AsUInt64();
        Vector256<ulong> a4 = Avx2.UnpackLow(m4, m5).AsUInt64(), a5 = Avx2.UnpackHigh(m4, m5).AsUInt64();
        Vector256<ulong> a6 = Avx2.UnpackLow(m6, m7).AsUInt64(), a7 = Avx2.UnpackHigh(m6, m7).AsUInt64();
        Put(Avx2.UnpackLow(a0, a2), Avx2.UnpackLow(a4, a6), ref words, 0);
        Put(Avx2.UnpackHigh(a0, a2), Avx2.UnpackHigh(a4, a6), ref words, 1);
        Put(Avx2.UnpackLow(a1, a3), Avx2.UnpackLow(a5, a7), ref words, 2);
        Put(Avx2.UnpackHigh(a1, a3), Avx2.UnpackHigh(a5, a7), ref words, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<ulong> first, Vector256<ulong> second, ref Vector256<uint> words, int at)
    {
        Unsafe.Add(ref words, at) = Avx2.Permute2x128(first, second, 0x20).AsUInt32();
        Unsafe.Add(ref words, at + 4) = Avx2.Permute2x128(first, second, 0x31).AsUInt32();
    }

    private readonly record struct State(Vector256<uint> A, Vector256<uint> B, Vector256<uint> C, Vector256<uint> D)
    {
        public static State Initial =>
            new(Vector256.Create(0x67452301u), Vector256.Create(0xefcdab89u), Vector256.Create(0x98badcfeu), Vector256.Create(0x10325476u));

        public byte[] Digest(int lane)
        {
            var digest = new byte[MD5.HashSizeInBytes];
            BinaryPrimitives.WriteUInt32LittleEndian(digest, A[lane]);
            BinaryPrimitives.WriteUInt32LittleEndian(digest.AsSpan(4), B[lane]);
            BinaryPrimitives.WriteUInt32LittleEndian(digest.AsSpan(8), C[lane]);
            BinaryPrimitives.WriteUInt32LittleEndian(digest.AsSpan(12), D[lane]);
            return digest;
        }

        /// <summary>The same with a lane ready for another message.</summary>
        public State Restart(int lane) =>
            new(A.WithElement(lane, Initial.A[0]), B.WithElement(lane, Initial.B[0]), C.WithElement(lane, Initial.C[0]), D.WithElement(lane, Initial.D[0]));
    }
}
