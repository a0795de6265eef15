using System.Runtime.InteropServices;

namespace LaionStream.Engine.Candidates;

/// <summary>The outcomes of one page's (or one list chunk's) links, in order. Reused by its reader: valid until the next page is requested.</summary>
public sealed class PageLinks
{
    private readonly List<LinkOutcome> _outcomes = [];

    /// <summary>Ordinal of the first link; the others follow without gaps.</summary>
    public int FirstOrdinal { get; private set; }

    /// <summary>The outcomes.</summary>
    public ReadOnlySpan<LinkOutcome> Outcomes => CollectionsMarshal.AsSpan(_outcomes);

    /// <summary>Links on the page.</summary>
    public int Count => _outcomes.Count;

    /// <summary>Empties the page for reuse.</summary>
    /// <param name="firstOrdinal">Ordinal of the next link.</param>
    public void Reset(int firstOrdinal)
    {
        FirstOrdinal = firstOrdinal;
        _outcomes.Clear();
    }

    /// <summary>Adds the next link's outcome.</summary>
    public void Add(LinkOutcome outcome) => _outcomes.Add(outcome);
}
