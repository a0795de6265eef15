namespace LaionStream.Engine.Output;

/// <summary>Writes one file of a part. It knows neither its name nor its disk: its bytes go into the stream that it was begun with.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
/// <remarks>One caller at a time. A file that is not completed is deleted.</remarks>
internal interface IPartFile<in TRow>
{
    /// <summary>Bytes added so far, before compression. The part is finished when one of its files has <see cref="WritingOptions.MaxBytes"/>.</summary>
    long Bytes { get; }

    /// <summary>Adds a row. What the row owns may be given back as soon as this has returned: what the file needs later, it copies.</summary>
    ValueTask AddAsync(TRow row, CancellationToken abort);

    /// <summary>Writes what is buffered and the file's end. The stream stays open.</summary>
    ValueTask CompleteAsync();

    /// <summary>What takes the place of the complete file's first bytes; empty unless its kind says that it has a head.</summary>
    ReadOnlyMemory<byte> Head => default;
}
