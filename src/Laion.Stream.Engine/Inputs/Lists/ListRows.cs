using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Enumerates the rows of one list.</summary>
internal abstract class ListRows : IAsyncDisposable
{
    /// <summary>The file's columns, or null when it is empty.</summary>
    public abstract ListColumns? Columns { get; }

    /// <summary>Columns that first appear after the sample and are not copied; only some of them if there are many.</summary>
    public virtual IReadOnlyList<string> LateColumns => [];

    /// <summary>Whether the current row is malformed; it has no values then.</summary>
    public bool IsMalformed { get; protected set; }

    /// <summary>Advances to the next row; false at the end.</summary>
    /// <exception cref="InvalidDataException">The compressed data is damaged from here on.</exception>
    public abstract ValueTask<bool> NextAsync(CancellationToken stop);

    /// <summary>A value's characters, empty when there is none; valid until the next call.</summary>
    public abstract ReadOnlySpan<char> Text(int column);

    /// <summary>A value in the type of <paramref name="kind"/>, or null.</summary>
    public abstract object? Value(int column, ExtraColumnKind kind);

    /// <summary>Rows of another piece of the same list, which has the same columns and no heading; null when the list has no pieces.</summary>
    /// <param name="stream">The piece; disposed with the rows.</param>
    /// <param name="health">Counts damage in the piece.</param>
    public virtual ListRows? GoOn(Stream stream, InputHealth health) => null;

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
