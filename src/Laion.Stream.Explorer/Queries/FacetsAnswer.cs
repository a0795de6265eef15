namespace LaionStream.Explorer.Queries;

/// <summary>The rows that a filter lets pass, counted.</summary>
/// <param name="Rows">How many they are.</param>
/// <param name="Facets">The most frequent values of set, language, licence and domain; of folder, where several are served.</param>
/// <param name="Histograms">Width, height and each score.</param>
internal sealed record FacetsAnswer(long Rows, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets,
    IReadOnlyDictionary<string, Histogram> Histograms);
