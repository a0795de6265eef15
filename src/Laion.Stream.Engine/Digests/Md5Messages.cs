using System.Buffers.Binary;

namespace LaionStream.Engine.Digests;

/// <summary>
/// Messages in lanes, block by block: the whole blocks of each, then its end with the padding and the length. The longest messages come first, so that the
/// lanes end at about the same time.
/// </summary>
internal sealed class Md5Messages
{
    private const int LengthBytes = 8;

    private readonly (int Number, ReadOnlyMemory<byte> Message)[] _messages;
    private readonly int[] _numbers = new int[Md5Lanes.Lanes];
    private readonly ReadOnlyMemory<byte>[] _rest = new ReadOnlyMemory<byte>[Md5Lanes.Lanes];
    private readonly ReadOnlyMemory<byte>[] _end = new ReadOnlyMemory<byte>[Md5Lanes.Lanes];
    private int _next;

    /// <summary>Begins the first messages.</summary>
    public Md5Messages(ReadOnlySpan<ReadOnlyMemory<byte>> messages)
    {
        _messages = new (int, ReadOnlyMemory<byte>)[messages.Length];
        for (int i = 0; i < messages.Length; i++) { _messages[i] = (i, messages[i]); }
        Array.Sort(_messages, static (a, b) => b.Message.Length.CompareTo(a.Message.Length));
        for (int lane = 0; lane < Md5Lanes.Lanes; lane++) { Begin(lane); }
    }

    /// <summary>Blocks that every lane with a message has; 0 when none has any.</summary>
    public int BlocksAtOnce()
    {
        int least = int.MaxValue;
        foreach (ReadOnlyMemory<byte> rest in _rest)
        {
            if (!rest.IsEmpty) { least = Math.Min(least, rest.Length); }
        }

        return least == int.MaxValue ? 0 : least / Md5Lanes.BlockBytes;
    }

    /// <summary>The next blocks of a lane; a lane without a message gets those of another.</summary>
    public ReadOnlySpan<byte> Next(int lane, int blocks)
    {
        while (_rest[lane].IsEmpty) { lane = (lane + 1) % Md5Lanes.Lanes; }
        return _rest[lane].Span[..(blocks * Md5Lanes.BlockBytes)];
    }

    /// <summary>Steps over blocks of a lane; after the last of a message the lane gets the next one.</summary>
    /// <returns>The number of the message that ended; null when none did.</returns>
    public int? Advance(int lane, int blocks)
    {
        if (_rest[lane].IsEmpty) { return null; }

        _rest[lane] = _rest[lane][(blocks * Md5Lanes.BlockBytes)..];
        if (_rest[lane].IsEmpty) { (_rest[lane], _end[lane]) = (_end[lane], default); }
        if (!_rest[lane].IsEmpty) { return null; }

        int ended = _numbers[lane];
        Begin(lane);
        return ended;
    }

    private void Begin(int lane)
    {
        if (_next == _messages.Length) { return; }

        (_numbers[lane], ReadOnlyMemory<byte> message) = _messages[_next++];
        int whole = message.Length / Md5Lanes.BlockBytes * Md5Lanes.BlockBytes;
        byte[] end = End(message.Span[whole..], message.Length);
        (_rest[lane], _end[lane]) = whole > 0 ? (message[..whole], (ReadOnlyMemory<byte>)end) : (end, default);
    }

    private static byte[] End(ReadOnlySpan<byte> last, int length)
    {
        var end = new byte[last.Length + 1 + LengthBytes <= Md5Lanes.BlockBytes ? Md5Lanes.BlockBytes : 2 * Md5Lanes.BlockBytes];
        last.CopyTo(end);
        end[last.Length] = 0x80;
        BinaryPrimitives.WriteUInt64LittleEndian(end.AsSpan(end.Length - LengthBytes), (ulong)length * 8);
        return end;
    }
}
