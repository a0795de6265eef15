using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Output;

/// <summary>A file or a folder of an open part, under its temp name.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
internal interface IOpenFile<in TRow> : IDisposable
{
    /// <summary>Bytes added, before compression.</summary>
    long Bytes { get; }

    /// <summary>Writes its beginning.</summary>
    /// <param name="part">The part's number.</param>
    ValueTask BeginAsync(int part);

    /// <summary>Adds a row.</summary>
    ValueTask AddAsync(TRow row, CancellationToken abort);

    /// <summary>Writes its end, flushes it to the disk and closes it.</summary>
    ValueTask<PendingFile> CompleteAsync();

    /// <summary>Closes and deletes it.</summary>
    ValueTask DeleteAsync();
}
