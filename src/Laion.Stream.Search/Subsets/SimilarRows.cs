using LaionStream.Dataset.Manifest;
using LaionStream.Search.Index;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>Finds the rows of outputs whose pictures are like a query, by comparing all of them: what is found depends on no index.</summary>
internal static class SimilarRows
{
    /// <summary>Finds them.</summary>
    /// <param name="inputs">Output folders with vectors of pictures.</param>
    /// <param name="source">Gives the rows their places; rows of files that it does not have are left out.</param>
    /// <param name="like">The query.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="RequestException">An input has no vectors, or those of another model; all such inputs are named.</exception>
    public static ChosenRows Find(IReadOnlyList<RowsInput> inputs, RowSource source, LikeCondition like, CancellationToken abort)
    {
        var places = source.Places().Where(file => file.File.Part is not null).ToDictionary(file => file.File.Path, file => (file.Set, file.Number), StringComparer.Ordinal);
        var chosen = new ChosenRows();
        var errors = new List<string>();
        foreach (RowsInput input in inputs)
        {
            try
            {
                AddOf(input, places, like, chosen, abort);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                errors.Add($"--like: {e.Message}");
            }
        }

        return errors.Count == 0 ? chosen : throw new RequestException(errors);
    }

    private static void AddOf(RowsInput input, Dictionary<string, (long Set, long File)> places, LikeCondition like, ChosenRows chosen, CancellationToken abort)
    {
        if (input.Files.Any(file => file.Part is null)) { throw new InvalidDataException($"'{input.Path}' is no output folder, and only these have vectors"); }
        using VectorIndex index = VectorIndex.Open(input.Path);
        string[] without = [.. index.Parts.Where(part => part.VectorPath is null).Select(part => part.Output?.PathOf(FileRole.Rows)).OfType<string>()];
        if (without.Any(path => places.ContainsKey(Path.GetFullPath(path))))
        {
            throw new InvalidDataException($"'{input.Path}' has rows without vectors: a run writes them with Writing:Embeddings=image");
        }

        VectorPart? part = null;
        (long Set, long File)? place = null;
        foreach (Hit hit in index.AtLeast([.. like.Vector], like.Least, abort: abort))
        {
            RowPlace row = index.PlaceOf(hit.Row);
            if (row.Part != part)
            {
                part = row.Part;
                place = part.Output?.PathOf(FileRole.Rows) is { } path && places.TryGetValue(Path.GetFullPath(path), out (long, long) known) ? known : null;
            }

            if (place is var (set, file)) { chosen.Add(set, file, row.Position); }
        }
    }
}
