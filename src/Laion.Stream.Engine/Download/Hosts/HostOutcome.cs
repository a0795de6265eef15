namespace LaionStream.Engine.Download.Hosts;

/// <summary>What a request told of its host.</summary>
internal enum HostOutcome
{
    /// <summary>Nothing: it never left, or the run ended.</summary>
    Unknown,

    /// <summary>The host answered.</summary>
    Answered,

    /// <summary>The host did not answer, or with a status 5xx.</summary>
    Failed,
}
