using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The roles of a list's columns. Names are compared ignoring case.</summary>
internal sealed class ListColumns
{
    private static readonly string[] CaptionNames = ["caption", "text", "alt"];

    private readonly string _location;
    private readonly int[] _extraPlaces;

    private ListColumns(string location, int url, int caption, int page, ExtraColumn[] extras, int[] extraPlaces, string[] notCarried)
    {
        _location = location;
        Url = url;
        Caption = caption;
        Page = page;
        Extras = extras;
        _extraPlaces = extraPlaces;
        NotCarried = notCarried;
    }

    /// <summary>Index of the column <c>url</c>.</summary>
    public int Url { get; }

    /// <summary>Index of the first of <c>caption</c>, <c>text</c> and <c>alt</c> that exists, or −1.</summary>
    public int Caption { get; }

    /// <summary>Index of <c>page_url</c>, or −1.</summary>
    public int Page { get; }

    /// <summary>The other columns, with their names in the output.</summary>
    public IReadOnlyList<ExtraColumn> Extras { get; }

    /// <summary>Columns that cannot be copied to a row: nested and repeated ones.</summary>
    public IReadOnlyList<string> NotCarried { get; }

    /// <summary>Finds the roles of a file's columns.</summary>
    /// <param name="location">The file, for messages.</param>
    /// <param name="columns">Names and types in order; no type for columns that cannot be copied to the output.</param>
    /// <exception cref="ListSchemaException">There is no url column.</exception>
    public static ListColumns Of(string location, IReadOnlyList<(string Name, ExtraColumnKind? Kind)> columns)
    {
        int url = Place(columns, "url");
        if (url < 0)
        {
            throw new ListSchemaException($"'{location}' has no text column named url; its columns are {string.Join(", ", columns.Select(column => column.Name))}.");
        }

        int caption = CaptionNames.Select(name => Place(columns, name)).FirstOrDefault(place => place >= 0, -1);
        int[] others = [.. Enumerable.Range(0, columns.Count).Where(i => i != url && i != caption && columns[i].Kind is not null)];
        IReadOnlyList<string> names = SampleSchema.OutputNames(others.Select(i => columns[i].Name));
        return new ListColumns(location, url, caption, Place(columns, "page_url"),
            [.. others.Select((place, i) => new ExtraColumn(names[i], columns[place].Kind!.Value))], others,
            [.. columns.Where(column => column.Kind is null).Select(column => column.Name)]);
    }

    /// <summary>The index in this file of each extra column of the run.</summary>
    /// <param name="run">The run's extra columns, in any order.</param>
    /// <exception cref="ListSchemaException">This file has other columns.</exception>
    public int[] Arrange(IReadOnlyList<ExtraColumn> run)
    {
        var places = new int[run.Count];
        var problems = new List<string>();
        for (int i = 0; i < run.Count; i++)
        {
            int own = IndexOf(Extras, run[i].Name);
            if (own < 0)
            {
                problems.Add($"{run[i].Name} is missing");
                continue;
            }

            places[i] = _extraPlaces[own];
            if (Extras[own].Kind != run[i].Kind)
            {
                problems.Add($"{run[i].Name} is {Extras[own].Kind}, not {run[i].Kind}");
            }
        }

        problems.AddRange(Extras.Where(extra => IndexOf(run, extra.Name) < 0).Select(extra => $"{extra.Name} is there alone"));
        return problems.Count == 0 ? places
            : throw new ListSchemaException($"All lists of a run need the same other columns; in '{_location}', unlike in the first list, {string.Join("; ", problems)}.");
    }

    /// <summary>Refuses a list without captions when captions are scored.</summary>
    /// <exception cref="ListSchemaException">There is no caption column.</exception>
    public void DemandCaption()
    {
        if (Caption < 0)
        {
            throw new ListSchemaException($"'{_location}' has no column named caption, text or alt: set Laion:Filtering:Off to take pictures without captions.");
        }
    }

    private static int Place(IReadOnlyList<(string Name, ExtraColumnKind? Kind)> columns, string name)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Kind == ExtraColumnKind.Text && columns[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static int IndexOf(IReadOnlyList<ExtraColumn> columns, string name)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
