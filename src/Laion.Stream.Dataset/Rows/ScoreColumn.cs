namespace LaionStream.Dataset.Rows;

/// <summary>A column of model scores, one number a row.</summary>
/// <param name="Name">The column's name in the files.</param>
/// <param name="Kind">Kind of the model that fills it, as <c>models.json</c> names kinds; null when none does.</param>
/// <param name="Model">Title of that model; null when none does: the column is then null in every row.</param>
public sealed record ScoreColumn(string Name, string? Kind = null, string? Model = null)
{
    /// <summary>Whether a model fills it.</summary>
    public bool IsFilled => Model is not null;
}
