using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>Finds the columns of a schema that are in no group.</summary>
internal static class TopColumns
{
    /// <summary>Their descriptions by name; of equal names the last.</summary>
    /// <param name="schema">The schema's elements, each group before its children, the root first.</param>
    public static Dictionary<string, SchemaElement> Of(IReadOnlyList<SchemaElement> schema)
    {
        var found = new Dictionary<string, SchemaElement>(StringComparer.Ordinal);
        long inside = 0; // elements of the current group that have not been read yet
        foreach (SchemaElement element in schema.Skip(1))
        {
            if (inside == 0 && element.Type is not null) { found[element.Name] = element; }
            inside = Math.Max(0, inside - 1) + Math.Max(0, element.NumChildren ?? 0);
        }

        return found;
    }
}
