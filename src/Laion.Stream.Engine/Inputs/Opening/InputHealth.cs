
namespace LaionStream.Engine.Inputs.Opening;

/// <summary>What was wrong with one input file; the reader counts, the pump reports.</summary>
public sealed class InputHealth
{
    /// <summary>Records or list rows read.</summary>
    public long Records { get; set; }

    /// <summary>Compressed members (or stretches of bytes) that could not be read and were skipped.</summary>
    public long DamagedMembers { get; set; }

    /// <summary>Records whose body could not be understood (bad JSON, wrong length, too large).</summary>
    public long BadRecords { get; set; }

    /// <summary>Whether the file ended in mid-member; what stood before the cut was read.</summary>
    public bool Truncated { get; set; }

    /// <summary>Times a remote file was taken up again after a cut.</summary>
    public long Resumed { get; set; }

    /// <summary>
    /// What every file of its kind holds and this one has not shown yet, for a message; null once it has, or where nothing is expected. An error page under the
    /// file's name, or a download that never began, is no file that was read.
    /// </summary>
    public string? Missing { get; set; }

    /// <summary>Compressed bytes read.</summary>
    public long Bytes { get; set; }

    /// <summary>What a remote file was when it was read before; another one is refused. Null: it was not.</summary>
    internal RemoteVersion? Known { get; set; }

    /// <summary>What a remote file's server says of it.</summary>
    internal RemoteVersion? Version { get; set; }
}
