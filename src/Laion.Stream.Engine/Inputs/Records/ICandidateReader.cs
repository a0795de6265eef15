using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>Reads the links of one kind of input. One instance reads many files concurrently.</summary>
internal interface ICandidateReader
{
    /// <summary>Enumerates a file's links in order. Memory stays bounded by one record, whatever the file's size.</summary>
    /// <param name="file">What to read.</param>
    /// <param name="health">Counts records and damage.</param>
    /// <param name="stop">Ends the enumeration.</param>
    /// <exception cref="IOException">The file does not exist, cannot be opened, or is remote and remains unreachable; the message names it.</exception>
    IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, CancellationToken stop);
}
