namespace LaionStream.Engine.Download.Hosts;

/// <summary>What a request showed about its host.</summary>
internal enum HostOutcome
{
    /// <summary>Nothing: the request was not sent, or the run ended.</summary>
    Unknown,

    /// <summary>The host answered.</summary>
    Answered,

    /// <summary>The host did not answer, or answered with a 5xx status.</summary>
    Failed,
}
