namespace LaionStream.Engine.Download.Policies;

/// <summary>What the fetch of a robots.txt means for its host (RFC 9309 2.3.1).</summary>
internal enum PolicyOutcome
{
    /// <summary>The body is a robots.txt; its rules decide.</summary>
    Parse,

    /// <summary>The answer is a redirect, to be followed up to five times; the file then applies to the host first asked.</summary>
    Follow,

    /// <summary>There is no robots.txt: everything may be fetched.</summary>
    Allow,

    /// <summary>The file cannot be fetched: nothing may be fetched.</summary>
    Deny,
}
