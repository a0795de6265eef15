using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Policies;

/// <summary>A file in which an origin says what may be done with its addresses, parsed.</summary>
internal interface IPolicyFile
{
    /// <summary>Approximate size in memory, in bytes.</summary>
    long Weight { get; }

    /// <summary>Why the file could not be fetched, which forbids everything for the time being; the default if it was fetched.</summary>
    DropOutcome Unreachable { get; }
}
