
namespace LaionStream.Engine.Inputs.Opening;

/// <summary>The damage found in one input file; the reader counts it, the pump reports it.</summary>
public sealed class InputHealth
{
    /// <summary>Records or list rows read.</summary>
    public long Records { get; set; }

    /// <summary>Compressed members (or ranges of bytes) that could not be read and were skipped.</summary>
    public long DamagedMembers { get; private set; }

    /// <summary>Records whose body could not be understood (bad JSON, wrong length, too large).</summary>
    public long BadRecords { get; private set; }

    /// <summary>Whether the file ended inside a member; everything before that was read.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Where the first damage is and what it is, for a message; null as long as there is none.</summary>
    public string? FirstDamage { get; private set; }

    /// <summary>How often a remote file was resumed after its connection broke.</summary>
    public long Resumed { get; set; }

    /// <summary>
    /// What every file of this kind contains and this one has not shown so far, for a message; null once it has, or when nothing is expected. It detects an
    /// error
    /// page stored under the file's name, and an empty download.
    /// </summary>
    public string? Missing { get; set; }

    /// <summary>Compressed bytes read.</summary>
    public long Bytes { get; set; }

    /// <summary>Counts a member that is skipped.</summary>
    /// <param name="what">Where it is and what is wrong with it; null when only the place of reading is known.</param>
    public void SkipMember(string? what = null)
    {
        DamagedMembers++;
        FirstDamage ??= what ?? $"{Place}: a member is damaged";
    }

    /// <summary>Counts a record that cannot be understood.</summary>
    /// <param name="what">What is wrong with it.</param>
    public void SkipRecord(string what)
    {
        BadRecords++;
        FirstDamage ??= $"{Place}: {what}";
    }

    /// <summary>Notes that the file ends too early.</summary>
    public void EndTooEarly()
    {
        Truncated = true;
        FirstDamage ??= $"{Place}: the file ends too early";
    }

    private string Place => FormattableString.Invariant($"near record {Records}, byte {Bytes}");

    /// <summary>The version of a remote file when it was read before; another version is refused. Null when it was not read before.</summary>
    internal RemoteVersion? Known { get; set; }

    /// <summary>The version that the server of a remote file reports.</summary>
    internal RemoteVersion? Version { get; set; }
}
