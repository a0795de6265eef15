namespace LaionStream.Explorer.Queries;

/// <summary>Which rows are looked at. Every field may be left out; a row must pass all that are given, and equal one item of each list.</summary>
internal sealed record FilterBody
{
    /// <summary>Folders by their names, where several are served.</summary>
    public IReadOnlyList<string>? Folders { get; init; }

    /// <summary>Output sets.</summary>
    public IReadOnlyList<string>? Sets { get; init; }

    /// <summary>Languages of captions, such as <c>en</c>.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Licences as the rows have them; <c>?</c> for none known.</summary>
    public IReadOnlyList<string>? Licences { get; init; }

    /// <summary>Hosts of the pictures' addresses, without <c>www.</c>.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>Width in pixels.</summary>
    public NumberRange? Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public NumberRange? Height { get; init; }

    /// <summary>Width divided by height.</summary>
    public NumberRange? Aspect { get; init; }

    /// <summary>When the picture was fetched.</summary>
    public DateRange? Date { get; init; }

    /// <summary>Scores by column; a row without the score does not pass.</summary>
    public IReadOnlyDictionary<string, NumberRange>? Scores { get; init; }

    /// <summary>Text that the caption contains, in any case.</summary>
    public string? Text { get; init; }
}
