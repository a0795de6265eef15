using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The columns that all lists of a run share in addition to url and caption.</summary>
internal static class ListSchema
{
    /// <summary>Reads the head of every list, before the run starts.</summary>
    /// <param name="files">Opens the lists.</param>
    /// <param name="inputs">All lists of the run.</param>
    /// <param name="captionRequired">Whether captions are scored, so that each list needs a caption column.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <returns>The extra columns, named and ordered by the first list that has rows.</returns>
    /// <exception cref="ListSchemaException">A list is unusable, or differs from the first; the message names it.</exception>
    /// <exception cref="IOException">A list cannot be opened; the message names it.</exception>
    public static async Task<IReadOnlyList<ExtraColumn>> ReadAsync(ListFiles files, IEnumerable<InputFile> inputs, bool captionRequired, CancellationToken stop)
    {
        IReadOnlyList<ExtraColumn>? run = null;
        foreach (InputFile input in inputs)
        {
            await using ListRows rows = input.Pieces.Count > 0 ? await files.OpenAsync(input, input.Pieces[0], new InputHealth(), stop) : await files.OpenAsync(input.Location, new InputHealth(), stop);
            if (rows.Columns is not { } columns)
            {
                continue; // an empty file
            }

            if (captionRequired)
            {
                columns.DemandCaption();
            }

            run ??= columns.Extras;
            columns.Arrange(run);
        }

        return run ?? [];
    }
}
