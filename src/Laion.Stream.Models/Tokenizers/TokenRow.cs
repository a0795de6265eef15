namespace LaionStream.Models.Tokenizers;

/// <summary>Writes ids into a row, which may be too short for them.</summary>
internal ref struct TokenRow(Span<int> ids)
{
    private readonly Span<int> _ids = ids;
    private int _total;

    /// <summary>Adds one id.</summary>
    public void Add(int id)
    {
        if (_total < _ids.Length) { _ids[_total] = id; }

        _total++;
    }

    /// <summary>Adds ids.</summary>
    public void Add(scoped ReadOnlySpan<int> ids)
    {
        int fitting = Math.Min(ids.Length, Math.Max(0, _ids.Length - _total));
        ids[..fitting].CopyTo(_ids[Math.Min(_total, _ids.Length)..]);
        _total += ids.Length;
    }

    /// <summary>Adds the end token; in a row that is too short it replaces the last id.</summary>
    public TokenCount Finish(int end)
    {
        Add(end);
        int written = Math.Min(_total, _ids.Length);
        _ids[written - 1] = end;
        return new TokenCount(written, _total);
    }
}
