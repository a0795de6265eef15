using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// Decompresses a file of many members with one decompressor. After damage it restarts at the next boundary: the next position that looks like the
/// beginning of a member. The bytes after a boundary count as a new member only once the member before it has proved complete.
/// </summary>
internal abstract class CompressedMembers : MemberSource
{
    private readonly MemberWindow _window;
    private readonly InputHealth _health;
    private Stream? _decompressor;
    private long _memberBytes;
    private bool _begins = true;
    private bool _endProven;
    private long _memberPosition;
    private long _openedAt;
    private Chunk? _pending;

    protected CompressedMembers(MemberWindow window, InputHealth health)
    {
        _window = window;
        _health = health;
        _window.Boundary = OnBoundary;
    }

    /// <inheritdoc/>
    public override bool HasMembers => true;

    /// <inheritdoc/>
    public override long MemberPosition => _memberPosition;

    /// <summary>Whether the decompressor has asked for bytes after the file's end.</summary>
    protected bool HasReadToEnd => _window.Exhausted;

    /// <summary>Whether the decompressor was opened before the last proven boundary and has produced no output from after it.</summary>
    private bool HasPassedBoundary => _begins && _window.ProvenPosition > _openedAt;

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
                bool isCut = IsCut(e);
                return isCut && _endProven ? new Chunk(ChunkKind.Ended) : await RecoverAsync(isCut, stop);
            }

            if (read > 0)
            {
                return Produced(read);
            }

            if (_window.Exhausted)
            {
                return _endProven ? new Chunk(ChunkKind.Ended) : await RecoverAsync(true, stop);
            }

            // The member ended cleanly; garbage follows, and may hide the next member's header, which the decompressor has then read past.
            _health.SkipMember();
            if (_window.TryRewind() || (HasPassedBoundary && _window.TryRewindToProven()))
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

        await _window.DisposeAsync();
    }

    /// <summary>Creates a decompressor that reads all members of the window and leaves the window open.</summary>
    protected abstract Stream Open(Stream window);

    /// <summary>Whether the four bytes before a boundary are the trailer of a member of that many decompressed bytes.</summary>
    protected abstract bool EndsMember(uint trailer, long memberBytes);

    /// <summary>Whether the member of that many decompressed bytes was complete, so that the damage lies after it.</summary>
    protected abstract bool EndsBeforeDamage(MemberWindow window, long memberBytes);

    /// <summary>Whether an exception means damaged bytes, as opposed to a file that cannot be read.</summary>
    protected abstract bool IsDamage(Exception e);

    /// <summary>Whether an exception means that the file ended inside a member.</summary>
    protected abstract bool IsCut(Exception e);

    private Chunk Produced(int read)
    {
        bool begins = _begins;
        if (begins)
        {
            _begins = false;
            _memberPosition = _window.SlicePosition;
        }

        _memberBytes += read;
        return new Chunk(begins ? ChunkKind.BeginsMember : ChunkKind.Continues, read);
    }

    /// <summary>
    /// Called by the window during a read, when all output for the bytes before the boundary has been read. Returns whether a complete member ends there.
    /// </summary>
    private bool OnBoundary(uint trailer)
    {
        bool proven = EndsMember(trailer, _memberBytes);
        if (_window.Exhausted)
        {
            _endProven = proven;
        }
        else if (_memberBytes == 0)
        {
            return false; // an empty member, or a header that contained all bytes so far: treating both as unproven loses nothing
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
        bool previousIsComplete = _begins || EndsBeforeDamage(_window, _memberBytes);
        Chunk damage = await SkipDamageAsync(cut, stop);
        if (!previousIsComplete)
        {
            return damage;
        }

        // The damaged member produced no output and the one before it is complete: the caller must learn of that one's end before it learns of the damage.
        _pending = damage;
        return new Chunk(ChunkKind.BeginsMember);
    }

    private async ValueTask<Chunk> SkipDamageAsync(bool cut, CancellationToken stop)
    {
        bool exhausted = _window.Exhausted;
        if (_window.TryRewind())
        {
            // The damaged member has lost its end. The slices that it ran into may be intact members, so they are read again.
            _health.SkipMember();
            Reopen();
            return new Chunk(ChunkKind.Damaged);
        }

        if (HasPassedBoundary && _window.TryRewindToProven())
        {
            Reopen(); // if the next member is damaged too, its own error is counted when it is read
            return new Chunk(ChunkKind.Damaged);
        }

        if (cut && exhausted)
        {
            _health.EndTooEarly();
            return new Chunk(ChunkKind.Cut);
        }

        _health.SkipMember();
        await RestartAsync(stop);
        return new Chunk(ChunkKind.Damaged);
    }

    private async ValueTask<bool> StartAsync(CancellationToken stop)
    {
        long skipped = await _window.SkipToMemberAsync(stop);
        if (skipped != 0 && _health.Bytes > 0)
        {
            _health.SkipMember();
        }

        Reopen();
        return skipped >= 0;
    }

    private async ValueTask<bool> RestartAsync(CancellationToken stop)
    {
        long skipped = await _window.SkipToMemberAsync(stop);
        Reopen();
        return skipped >= 0;
    }

    private void Reopen()
    {
        _decompressor?.Dispose();
        _decompressor = Open(_window);
        (_memberBytes, _begins, _endProven, _openedAt) = (0, true, false, _window.SlicePosition);
    }
}
