using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Filtering;

/// <summary>Checks <see cref="FilterOptions"/> beyond each key's own range. Pure.</summary>
internal static class FilterOptionsRules
{
    /// <summary>The errors in the settings alone, one line each, starting with the key.</summary>
    public static IEnumerable<string> Errors(FilterOptions options)
    {
        IReadOnlyList<ScoreBound> bounds = options.Bounds();
        IEnumerable<string> names = options.Limits.Keys.Where(name => !SampleSchema.IsScoreName(name.ToLowerInvariant()))
            .Select(name => $"Laion:Filtering:Limits:{name}: this cannot name a score column.");
        IEnumerable<string> twice = bounds.GroupBy(bound => (bound.Column, bound.IsMax))
            .Where(group => group.Select(bound => bound.Value).Distinct().Count() > 1)
            .Select(group => $"{string.Join(" and ", group.Select(bound => $"Laion:Filtering:{bound.Key}"))}: these name one limit and have different values.");
        IEnumerable<string> empty = bounds.Where(bound => bound.IsMax)
            .Where(most => bounds.Any(least => !least.IsMax && least.Column == most.Column && least.Value > most.Value))
            .Select(most => $"Laion:Filtering:{most.Key}: the maximum of {most.Column} is below its minimum, so no scored row could be kept.");
        return names.Concat(twice).Concat(empty);
    }

    /// <summary>Bounds of columns that the run does not have, each with its key; known once the models are.</summary>
    public static IEnumerable<(string Key, string Message)> Unknown(FilterOptions options, ScoreSchema scores) =>
        options.Bounds().Where(bound => scores.IndexOf(bound.Column) < 0).Select(bound => (
            $"Laion:Filtering:{bound.Key}",
            $"no model of this run fills a column {bound.Column}; there are {string.Join(", ", scores.Columns.Select(column => column.Name))}."));
}
