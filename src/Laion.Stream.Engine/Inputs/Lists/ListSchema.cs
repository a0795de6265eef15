using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The columns that all lists of a run share in addition to url and caption.</summary>
internal static class ListSchema
{
    /// <summary>Reads the head of every list, before the run starts. One that cannot be read now is left to its turn, so that the others are read.</summary>
    /// <param name="files">Opens the lists.</param>
    /// <param name="inputs">All lists of the run.</param>
    /// <param name="captionRequired">Whether captions are scored, so that each list needs a caption column.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <returns>The extra columns: those of the first list that has rows, or those that the settings name.</returns>
    /// <exception cref="ListSchemaException">A list is unusable, or differs from the first; the message names it.</exception>
    public static async Task<IReadOnlyList<ExtraColumn>> ReadAsync(ListFiles files, IEnumerable<InputFile> inputs, bool captionRequired, CancellationToken stop)
    {
        IReadOnlyList<ExtraColumn>? run = null;
        var named = new NamedColumns(files.Choice.Kept ?? []);
        foreach (InputFile input in inputs)
        {
            if (await ColumnsOfAsync(files, input, stop) is not { } columns) { continue; }
            if (captionRequired) { columns.DemandCaption(); }

            run ??= columns.Extras;
            columns.Arrange(run);
            named.Add(columns);
        }

        return files.Choice.Kept is null || run is null ? run ?? [] : named.All();
    }

    /// <summary>The columns of a list; null where it is empty or cannot be read.</summary>
    private static async ValueTask<ListColumns?> ColumnsOfAsync(ListFiles files, InputFile input, CancellationToken stop)
    {
        try
        {
            await using ListRows rows = input.Pieces.Count > 0
                ? await files.OpenAsync(input, input.Pieces[0], new InputHealth(), stop)
                : await files.OpenAsync(input.Location, new InputHealth(), stop);
            return rows.Columns;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the reader meets it again, and the run says so at its end
        }
    }

    /// <summary>The other columns that the settings name, as far as the lists have them.</summary>
    private sealed class NamedColumns(IReadOnlyList<string> names)
    {
        private readonly Dictionary<string, ExtraColumn> _found = new(StringComparer.OrdinalIgnoreCase);

        public void Add(ListColumns columns)
        {
            for (int i = 0; i < columns.Extras.Count; i++)
            {
                ExtraColumn extra = columns.Extras[i];
                _found[columns.ExtraNames[i]] = _found.TryGetValue(columns.ExtraNames[i], out ExtraColumn? known)
                    ? known with { Kind = ListValue.Common(known.Kind, extra.Kind) }
                    : extra;
            }
        }

        public IReadOnlyList<ExtraColumn> All()
        {
            string[] missing = [.. names.Where(name => !_found.ContainsKey(name))];
            return missing.Length == 0 ? [.. names.Select(name => _found[name])]
                : throw new ListSchemaException($"Laion:Input:KeepColumns: no list has a column named {string.Join(", ", missing)} that could be copied.");
        }
    }
}
