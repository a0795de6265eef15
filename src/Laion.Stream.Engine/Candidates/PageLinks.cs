using System.Runtime.InteropServices;

namespace LaionStream.Engine.Candidates;

/// <summary>The verdicts on one page's (or one chunk of a list's) links, in order. Reused by its reader: valid until the next page is asked for.</summary>
public sealed class PageLinks
{
    private readonly List<LinkVerdict> _verdicts = [];

    /// <summary>Ordinal of the first link; the others follow without gaps.</summary>
    public int FirstOrdinal { get; private set; }

    /// <summary>The verdicts.</summary>
    public ReadOnlySpan<LinkVerdict> Verdicts => CollectionsMarshal.AsSpan(_verdicts);

    /// <summary>Links on the page.</summary>
    public int Count => _verdicts.Count;

    /// <summary>Empties the page for reuse.</summary>
    /// <param name="firstOrdinal">Ordinal of the first link to come.</param>
    public void Reset(int firstOrdinal)
    {
        FirstOrdinal = firstOrdinal;
        _verdicts.Clear();
    }

    /// <summary>Adds the next link's verdict.</summary>
    public void Add(LinkVerdict verdict) => _verdicts.Add(verdict);
}
