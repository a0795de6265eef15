using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>A Parquet file of a part.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
/// <typeparam name="TRecord">What a row of the Parquet file is made from.</typeparam>
internal sealed class RowsFile<TRow, TRecord> : IPartFile<TRow>
{
    private readonly PartFileWriter<TRecord> _file;
    private readonly Func<TRow, TRecord> _recordOf;

    private RowsFile(PartFileWriter<TRecord> file, Func<TRow, TRecord> recordOf) => (_file, _recordOf) = (file, recordOf);

    /// <inheritdoc/>
    public long Bytes => _file.Bytes;

    /// <summary>The file of rows, for a writer of its own: the column buffers serve one file after the other.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="recordOf">Takes from a row what the columns need.</param>
    /// <param name="metadata">Key-value metadata of each file.</param>
    /// <param name="options">Bytes of a row group.</param>
    public static PartFileKind<TRow> Kind(RowColumns<TRecord> columns, Func<TRow, TRecord> recordOf, IReadOnlyDictionary<string, string> metadata,
        WritingOptions options) =>
        KindOf(FileRole.Rows, PartName.Of(".parquet"), columns, _ => recordOf, metadata, options);

    /// <summary>Any Parquet file of a part.</summary>
    /// <param name="role">What it holds.</param>
    /// <param name="name">How it is named.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="recordOf">By a part's number, what takes from a row, called once a row in their order, what the columns need.</param>
    /// <param name="metadata">Key-value metadata of each file.</param>
    /// <param name="options">Bytes of a row group.</param>
    /// <param name="rowGroupBytes">Bytes of a row group where they are not the options'.</param>
    public static PartFileKind<TRow> KindOf(
        string role, PartName name, RowColumns<TRecord> columns, Func<int, Func<TRow, TRecord>> recordOf, IReadOnlyDictionary<string, string> metadata, WritingOptions options,
        int? rowGroupBytes = null) =>
        new(role, name, async (output, part) => new RowsFile<TRow, TRecord>(
            await PartFileWriter<TRecord>.CreateAsync(output, columns, metadata, rowGroupBytes ?? options.RowGroupBytes), recordOf(part)));

    /// <inheritdoc/>
    public ValueTask AddAsync(TRow row, CancellationToken abort) => _file.AddAsync(_recordOf(row), abort);

    /// <inheritdoc/>
    public async ValueTask CompleteAsync() => await _file.CompleteAsync();
}
