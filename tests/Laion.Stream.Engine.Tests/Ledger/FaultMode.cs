namespace LaionStream.Engine.Tests.Ledger;

/// <summary>What happens at the fatal step.</summary>
internal enum FaultMode
{
    /// <summary>The process dies before the step.</summary>
    Before,

    /// <summary>A write stops half-way; other steps complete, and then the process dies.</summary>
    Torn,

    /// <summary>The machine loses power before the step: bytes that were not flushed and names whose folder was not flushed are lost.</summary>
    PowerLoss,

    /// <summary>The disk is full from the step on: writes stop half-way and new ones are refused, everything else works.</summary>
    Full,
}
