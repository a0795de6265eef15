using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The roles of a list's columns. Names are compared ignoring case.</summary>
internal sealed class ListColumns
{
    private const int MostShown = 400; // characters

    private readonly string _location;
    private readonly ListColumnChoice _choice;
    private readonly int[] _extraPlaces;

    private ListColumns(string location, ListColumnChoice choice, IReadOnlyList<ListColumn> columns, int url, int caption)
    {
        (_location, _choice, Url, Caption) = (location, choice, url, caption);
        Page = Place(columns, "page_url");
        Digest = choice.Digest is { } digest ? Place(columns, digest) : -1;
        _extraPlaces = [.. Enumerable.Range(0, columns.Count)
            .Where(i => i != url && i != caption && columns[i].Kind is not null && choice.Keeps(columns[i].Name))];
        IReadOnlyList<string> names = SampleSchema.OutputNames(_extraPlaces.Select(i => columns[i].Name));
        Extras = [.. _extraPlaces.Select((place, i) => new ExtraColumn(names[i], columns[place].Kind!.Value))];
        ExtraNames = [.. _extraPlaces.Select(place => columns[place].Name)];
        NotCarried = [.. columns.Where(column => column.Kind is null && choice.Keeps(column.Name)).Select(column => column.Name)];
    }

    /// <summary>Index of the column of addresses.</summary>
    public int Url { get; }

    /// <summary>Index of the column of captions, or −1.</summary>
    public int Caption { get; }

    /// <summary>Index of <c>page_url</c>, or −1.</summary>
    public int Page { get; }

    /// <summary>Index of the column of expected digests; −1 when none are verified.</summary>
    public int Digest { get; }

    /// <summary>The other columns that are kept, with their names in the output.</summary>
    public IReadOnlyList<ExtraColumn> Extras { get; }

    /// <summary>Their names in the list.</summary>
    public IReadOnlyList<string> ExtraNames { get; }

    /// <summary>Columns that cannot be copied to a row: nested and repeated ones.</summary>
    public IReadOnlyList<string> NotCarried { get; }

    /// <summary>Finds the roles of a file's columns.</summary>
    /// <param name="location">The file, for messages.</param>
    /// <param name="columns">The columns in order.</param>
    /// <param name="choice">Which are used.</param>
    /// <exception cref="ListSchemaException">There is no column of addresses, or not the columns of captions or digests that the settings name.</exception>
    public static ListColumns Of(string location, IReadOnlyList<ListColumn> columns, ListColumnChoice choice)
    {
        int url = Place(columns, choice.Url);
        if (url < 0) { throw Without(location, columns, choice.Url, "Laion:Input:UrlColumn"); }

        int caption = choice.Captions.Select(name => Place(columns, name)).FirstOrDefault(place => place >= 0, -1);
        if (caption < 0 && choice.IsCaptionNamed) { throw Without(location, columns, choice.Captions[0], "Laion:Input:CaptionColumn"); }
        if (choice.Digest is { } digest && Place(columns, digest) < 0) { throw Without(location, columns, digest, "Laion:Input:HashColumn"); }
        return new ListColumns(location, choice, columns, url, caption);
    }

    /// <summary>The columns of a list with one address per line and no heading.</summary>
    /// <exception cref="ListSchemaException">Digests are verified, and such a list has none.</exception>
    public static ListColumns OfLines(string location, ListColumnChoice choice)
    {
        ListColumn[] columns = [ListColumn.OfText("url")];
        return choice.Digest is { } digest ? throw Without(location, columns, digest, "Laion:Input:HashColumn")
            : new ListColumns(location, ListColumnChoice.Usual, columns, 0, -1);
    }

    /// <summary>The index in this file of each extra column of the run; −1 for one that it lacks.</summary>
    /// <param name="run">The run's extra columns, in any order.</param>
    /// <exception cref="ListSchemaException">This file has other columns, and all are kept.</exception>
    public int[] Arrange(IReadOnlyList<ExtraColumn> run)
    {
        var places = new int[run.Count];
        var problems = new List<string>();
        for (int i = 0; i < run.Count; i++)
        {
            int own = IndexOf(Extras, run[i].Name);
            places[i] = own < 0 ? -1 : _extraPlaces[own];
            if (own < 0) { problems.Add($"{run[i].Name} is missing"); }
            else if (Extras[own].Kind != run[i].Kind) { problems.Add($"{run[i].Name} is {Extras[own].Kind}, not {run[i].Kind}"); }
        }

        problems.AddRange(Extras.Where(extra => IndexOf(run, extra.Name) < 0).Select(extra => $"{extra.Name} is there alone"));
        return problems.Count == 0 || _choice.Kept is not null ? places
            : throw new ListSchemaException(
                $"All lists of a run need the same other columns; in '{_location}', unlike in the first list, {string.Join("; ", problems)}. "
                + "Laion:Input:KeepColumns names those to keep (none for none).");
    }

    /// <summary>Refuses a list without captions when captions are scored.</summary>
    /// <exception cref="ListSchemaException">There is no caption column.</exception>
    public void DemandCaption()
    {
        if (Caption >= 0) { return; }
        throw new ListSchemaException(
            $"'{_location}' has no column named {string.Join(", ", _choice.Captions.SkipLast(1))} or {_choice.Captions[^1]}: name it with Laion:Input:CaptionColumn, "
            + "or set Laion:Filtering:Off to take pictures without captions.");
    }

    private static ListSchemaException Without(string location, IReadOnlyList<ListColumn> columns, string name, string key) =>
        new($"'{location}' has no text column named {name} ({key}); its columns are {Shown(columns)}.");

    private static string Shown(IReadOnlyList<ListColumn> columns)
    {
        string names = string.Join(", ", columns.Select(column => column.Name));
        string start = names[..Math.Min(names.Length, MostShown)];
        return new string([.. start.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]) + (names.Length > MostShown ? " …" : "");
    }

    private static int Place(IReadOnlyList<ListColumn> columns, string name)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].IsText && columns[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return i; }
        }

        return -1;
    }

    private static int IndexOf(IReadOnlyList<ExtraColumn> columns, string name)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return i; }
        }

        return -1;
    }
}
