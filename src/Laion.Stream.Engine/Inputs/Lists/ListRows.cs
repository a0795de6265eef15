using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Steps through the rows of one list.</summary>
internal abstract class ListRows : IAsyncDisposable
{
    /// <summary>The file's columns, or null when it holds nothing that tells.</summary>
    public abstract ListColumns? Columns { get; }

    /// <summary>Columns that showed up too late to be carried, some of them if there are many.</summary>
    public virtual IReadOnlyList<string> LateColumns => [];

    /// <summary>Whether the current row could not be understood; it has no values then.</summary>
    public bool IsMalformed { get; protected set; }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="InvalidDataException">The compression is damaged from here on.</exception>
    public abstract ValueTask<bool> NextAsync(CancellationToken stop);

    /// <summary>A value's characters, empty when there is none; valid until the next call.</summary>
    public abstract ReadOnlySpan<char> Text(int column);

    /// <summary>A value in the type of <paramref name="kind"/>, or null.</summary>
    public abstract object? Value(int column, ExtraColumnKind kind);

    /// <summary>Rows of another stretch of the same list, which has these columns and no heading; null where a list has no stretches.</summary>
    /// <param name="stream">The stretch; disposed with the rows.</param>
    /// <param name="health">Counts what is wrong there.</param>
    public virtual ListRows? GoOn(Stream stream, InputHealth health) => null;

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
