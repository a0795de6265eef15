using System.Security.Cryptography;

namespace LaionStream.Engine.Digests;

/// <summary>
/// The digests of some bytes, each computed when it is first asked for and then kept: a picture's MD5 may be wanted by a block list, by the list that it comes
/// from and by its row. For one thread at a time; only MD5 may be computed by another one (<see cref="WaitIn"/>).
/// </summary>
/// <param name="bytes">The bytes. What was not asked for while they are unchanged cannot be had later.</param>
internal sealed class BodyDigests(ReadOnlyMemory<byte> bytes)
{
    private const int Open = 0;
    private const int Taken = 1;
    private const int Closed = 2;

    private ReadOnlyMemory<byte> _bytes = bytes;
    private bool _isAbandoned;
    private WaitingDigests? _waiting;
    private byte[]? _md5;
    private byte[]? _sha1;
    private byte[]? _sha256;
    private byte[]? _sha512;
    private int _state = Open; // of the MD5

    /// <summary>MD5, 16 bytes.</summary>
    public ReadOnlySpan<byte> Md5
    {
        get
        {
            if (!TryTake()) { WaitForOther(); }
            else if (_waiting is null) { Finish(MD5.HashData(Span)); }
            else { _waiting.ComputeWith(this); }
            return _md5 ??= MD5.HashData(Span); // the thread that had it failed
        }
    }

    /// <summary>SHA-1, 20 bytes.</summary>
    public ReadOnlySpan<byte> Sha1 => _sha1 ??= SHA1.HashData(Span);

    /// <summary>SHA-256, 32 bytes.</summary>
    public ReadOnlySpan<byte> Sha256 => _sha256 ??= SHA256.HashData(Span);

    /// <summary>SHA-512, 64 bytes.</summary>
    public ReadOnlySpan<byte> Sha512 => _sha512 ??= SHA512.HashData(Span);

    /// <summary>The bytes that a thread which has taken the MD5 computes it of.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Lets the thread that computes another's MD5 compute this one with it.</summary>
    /// <param name="waiting">Those that wait too.</param>
    public void WaitIn(WaitingDigests waiting)
    {
        if (_md5 is not null) { return; }

        _waiting = waiting;
        waiting.Add(this);
    }

    /// <summary>
    /// Says that the bytes go away and the MD5 is not wanted. A thread that is computing it may then read bytes of another picture, which does no harm: they
    /// are in the same array, and nobody asks for the result. Otherwise the bytes are let go, as this object may wait for a while yet.
    /// </summary>
    public void Abandon()
    {
        _isAbandoned = true;
        if (Interlocked.CompareExchange(ref _state, Closed, Open) != Taken) { _bytes = default; }
    }

    /// <summary>Whether the MD5 is computed or not wanted any more.</summary>
    internal bool IsClosed => Volatile.Read(ref _state) == Closed;

    /// <summary>Reserves the computation for the calling thread.</summary>
    /// <returns>False when another one has it, or nobody needs it any more.</returns>
    internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Open) == Open;

    /// <summary>Ends a computation.</summary>
    /// <param name="md5">The result; null when there is none, because the thread failed.</param>
    internal void Finish(byte[]? md5)
    {
        _md5 = md5;
        Volatile.Write(ref _state, Closed);
    }

    private ReadOnlySpan<byte> Span => _isAbandoned ? throw new ObjectDisposedException(nameof(BodyDigests)) : _bytes.Span;

    private void WaitForOther()
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref _state) == Taken) { spin.SpinOnce(); }
    }
}
