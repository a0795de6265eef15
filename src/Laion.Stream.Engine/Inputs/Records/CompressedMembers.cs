using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// Decompresses a file of many members through one running decompressor, and after damage begins anew at the next place that looks like
/// a member. What follows a border is trusted to be a new member only once the member before it proves to be whole.
/// </summary>
internal abstract class CompressedMembers : MemberSource
{
    private readonly MemberWindow _feed;
    private readonly InputHealth _health;
    private Stream? _decompressor;
    private long _memberBytes;
    private bool _begins = true;
    private bool _endProven;
    private long _memberPosition;
    private long _openedAt;
    private Chunk? _pending;

    protected CompressedMembers(MemberWindow feed, InputHealth health)
    {
        _feed = feed;
        _health = health;
        _feed.Border = OnBorder;
    }

    /// <inheritdoc/>
    public override bool HasMembers => true;

    /// <inheritdoc/>
    public override long MemberPosition => _memberPosition;

    /// <summary>Whether the decompressor came from before the last proven border and has brought nothing from behind it.</summary>
    private bool HasRunOverBorder => _begins && _feed.ProvenPosition > _openedAt;

    /// <inheritdoc/>
    public override async ValueTask<Chunk> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        if (_pending is { } pending)
        {
            _pending = null;
            return pending;
        }

        if (_decompressor is null && !await StartAsync(stop))
        {
            return new Chunk(ChunkKind.Ended);
        }

        while (true)
        {
            int read;
            try
            {
                read = await _decompressor!.ReadAsync(into, stop);
            }
            catch (Exception e) when (IsDamage(e))
            {
                return await RecoverAsync(IsCut(e), stop);
            }

            if (read > 0)
            {
                return Taken(read);
            }

            if (_feed.Exhausted)
            {
                return _endProven ? new Chunk(ChunkKind.Ended) : await RecoverAsync(true, stop);
            }

            // The member is whole; bytes that are none follow it, and behind them perhaps a border that the decompressor has run over.
            _health.DamagedMembers++;
            if (_feed.TryRewind() || (HasRunOverBorder && _feed.TryRewindToProven()))
            {
                Reopen();
            }
            else if (!await RestartAsync(stop))
            {
                return new Chunk(ChunkKind.Ended);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_decompressor is not null)
        {
            await _decompressor.DisposeAsync();
        }

        await _feed.DisposeAsync();
    }

    /// <summary>A decompressor that runs over all members of the feed and leaves it open.</summary>
    protected abstract Stream Open(Stream feed);

    /// <summary>Whether the four bytes before a border fit a member of so many bytes that ends there.</summary>
    protected abstract bool EndsMember(uint trailer, long memberBytes);

    /// <summary>Whether the member of so many bytes was whole, and what broke the decompressor stands behind it.</summary>
    protected abstract bool EndsBeforeFlaw(MemberWindow feed, long memberBytes);

    /// <summary>Whether an exception speaks of the bytes, and not of the file below.</summary>
    protected abstract bool IsDamage(Exception e);

    /// <summary>Whether it says that the file ended too early.</summary>
    protected abstract bool IsCut(Exception e);

    private Chunk Taken(int read)
    {
        bool begins = _begins;
        if (begins)
        {
            _begins = false;
            _memberPosition = _feed.SlicePosition;
        }

        _memberBytes += read;
        return new Chunk(begins ? ChunkKind.BeginsMember : ChunkKind.Continues, read);
    }

    /// <summary>Called by the feed in the middle of a read, when all output of the bytes before the border has been taken; tells whether they are whole members.</summary>
    private bool OnBorder(uint trailer)
    {
        bool proven = EndsMember(trailer, _memberBytes);
        if (_feed.Exhausted)
        {
            _endProven = proven;
        }
        else if (_memberBytes == 0)
        {
            return false; // an empty member, or a header that has swallowed what came: nothing hangs on the first
        }
        else if (proven)
        {
            _memberBytes = 0;
            _begins = true;
        }

        return proven;
    }

    private async ValueTask<Chunk> RecoverAsync(bool cut, CancellationToken stop)
    {
        bool bare = _begins || EndsBeforeFlaw(_feed, _memberBytes);
        Chunk flaw = await PassFlawAsync(cut, stop);
        if (!bare)
        {
            return flaw;
        }

        // Nothing came out of what is broken; what came before it is whole, and its reader must hear that first.
        _pending = flaw;
        return new Chunk(ChunkKind.BeginsMember);
    }

    private async ValueTask<Chunk> PassFlawAsync(bool cut, CancellationToken stop)
    {
        bool exhausted = _feed.Exhausted;
        if (_feed.TryRewind())
        {
            // The damaged member has lost its end: the slices it ran into may be good members and get their own chance.
            _health.DamagedMembers++;
            Reopen();
            return new Chunk(ChunkKind.Damaged);
        }

        if (HasRunOverBorder && _feed.TryRewindToProven())
        {
            Reopen(); // is it the member behind the border that is broken, it says so once more and is counted then
            return new Chunk(ChunkKind.Damaged);
        }

        if (cut && exhausted)
        {
            _health.Truncated = true;
            return new Chunk(ChunkKind.Cut);
        }

        _health.DamagedMembers++;
        await RestartAsync(stop);
        return new Chunk(ChunkKind.Damaged);
    }

    private async ValueTask<bool> StartAsync(CancellationToken stop)
    {
        long skipped = await _feed.SkipToMemberAsync(stop);
        if (skipped != 0 && _health.Bytes > 0)
        {
            _health.DamagedMembers++;
        }

        Reopen();
        return skipped >= 0;
    }

    private async ValueTask<bool> RestartAsync(CancellationToken stop)
    {
        long skipped = await _feed.SkipToMemberAsync(stop);
        Reopen();
        return skipped >= 0;
    }

    private void Reopen()
    {
        _decompressor?.Dispose();
        _decompressor = Open(_feed);
        (_memberBytes, _begins, _endProven, _openedAt) = (0, true, false, _feed.SlicePosition);
    }
}
