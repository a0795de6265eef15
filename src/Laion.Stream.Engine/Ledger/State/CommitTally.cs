using System.Collections.Concurrent;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Engine.Ledger.State;

/// <summary>What a session has committed, per set. Written under the output's gate, read by reports at any time.</summary>
internal sealed class CommitTally
{
    private readonly ConcurrentDictionary<string, SetCommits> _sets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Set, string Role), long> _bytes = new();

    /// <summary>The commits of each set that has any.</summary>
    public IReadOnlyDictionary<string, SetCommits> Sets => _sets;

    /// <summary>Bytes of the committed files, by set and role.</summary>
    public IEnumerable<KeyValuePair<(string Set, string Role), long>> Bytes => _bytes;

    /// <summary>Adds a commit.</summary>
    public void Add(ManifestEntry entry)
    {
        var one = new SetCommits(1, entry.Rows, entry.At);
        _sets.AddOrUpdate(entry.Set, one, (_, sum) => new SetCommits(sum.Parts + 1, sum.Rows + entry.Rows, entry.At));
        foreach (ManifestFile file in entry.Files) { _bytes.AddOrUpdate((entry.Set, file.Role), file.Bytes, (_, sum) => sum + file.Bytes); }
    }
}
