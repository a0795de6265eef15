using System.Globalization;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>The output sets of a run by their number in outcome codes (the order in which they were first committed to), and their part numbers.</summary>
internal sealed class OutputSets
{
    /// <summary>How the names of files of dropped rows begin: not as those of rows, so that a pattern for these never matches them.</summary>
    public const string DroppedPrefix = "dropped-";

    private const string RowsPrefix = "part-";

    private readonly Lock _gate = new();
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _nextParts = new(StringComparer.Ordinal);

    /// <summary>The sets by number.</summary>
    public IReadOnlyList<string> Names
    {
        get { lock (_gate) { return [.. _names]; } }
    }

    /// <summary>Next part number by set.</summary>
    public IReadOnlyDictionary<string, int> NextParts
    {
        get { lock (_gate) { return _nextParts.ToDictionary(); } }
    }

    /// <summary>A set's number; a new set gets the next one.</summary>
    /// <exception cref="InvalidOperationException">There are too many sets.</exception>
    public int NumberOf(string set)
    {
        lock (_gate)
        {
            int number = _names.IndexOf(set);
            if (number >= 0) { return number; }
            if (_names.Count == OutcomeCode.MaxSets)
            {
                throw new InvalidOperationException($"Set '{set}' is one too many: a run has at most {OutcomeCode.MaxSets}.");
            }

            _names.Add(set);
            return _names.Count - 1;
        }
    }

    /// <summary>A set's name.</summary>
    public string NameOf(int number)
    {
        lock (_gate) { return _names[number]; }
    }

    /// <summary>Takes a set's next part number.</summary>
    public int TakePart(string set)
    {
        lock (_gate)
        {
            int part = _nextParts.GetValueOrDefault(set);
            _nextParts[set] = part + 1;
            return part;
        }
    }

    /// <summary>Marks the part numbers up to this one as taken.</summary>
    public void SkipPart(string set, int part)
    {
        lock (_gate) { _nextParts[set] = Math.Max(_nextParts.GetValueOrDefault(set), part + 1); }
    }

    /// <summary>
    /// The part number of a committed file is taken. Only names that begin with <c>part-</c> or <c>dropped-</c> tell it: each commit has one, that of its rows.
    /// </summary>
    /// <param name="path">Relative to the output folder, with forward slashes: its first folder is the set's.</param>
    public void SkipPart(string path)
    {
        int slash = path.IndexOf('/');
        int part = PartOf(path[(path.LastIndexOf('/') + 1)..]);
        if (part >= 0 && slash > 0) { SkipPart(path[..slash], part); }
    }

    /// <summary>The number in a name like <c>part-00012.parquet</c> or <c>dropped-00012.parquet</c>, or -1.</summary>
    public static int PartOf(string fileName)
    {
        ReadOnlySpan<char> name = fileName.AsSpan().TrimStart('.');
        int start = name.StartsWith(RowsPrefix, StringComparison.Ordinal) ? RowsPrefix.Length
            : name.StartsWith(DroppedPrefix, StringComparison.Ordinal) ? DroppedPrefix.Length : int.MaxValue;
        int dot = name.IndexOf('.');
        return dot > start && int.TryParse(name[start..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int part) ? part : -1;
    }
}
