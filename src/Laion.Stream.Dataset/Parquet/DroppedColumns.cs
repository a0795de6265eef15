using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Parquet;

/// <summary>Column buffers of the files of dropped rows: the only place that defines their columns' names, types, order and values.</summary>
public sealed class DroppedColumns : RowColumns<DroppedRow>
{
    private static readonly string[] OnlyHere = ["reason", "status", "detail", "attempt", "dropped_at"];

    /// <summary>Creates empty columns.</summary>
    /// <param name="scores">The run's score columns; null for a run without models.</param>
    /// <param name="extras">A list's other columns.</param>
    /// <param name="pictures">Columns about the pictures' files.</param>
    public DroppedColumns(ScoreSchema? scores, IReadOnlyList<ExtraColumn>? extras = null, PictureColumns? pictures = null)
    {
        Value("SAMPLE_ID", row => row.SampleId);
        Text("URL", row => row.Url, isNullable: true);
        Text("TEXT", row => row.Text, isNullable: true);
        RepeatedText("reason", row => row.Outcome.Reason.Name());
        Value("status", row => row.Outcome.Reason == DropReason.HttpStatus ? row.Outcome.Detail : (int?)null);
        RepeatedText("detail", row => DetailOf(row.Outcome), isNullable: true);
        Value("attempt", row => row.Attempt);
        RepeatedText("LANGUAGE", row => row.Language, isNullable: true);
        RepeatedText("LICENSE", row => row.License, isNullable: true);
        Value("hash", row => row.Hash);
        if (scores is not null) { AddFacts(scores, pictures ?? PictureColumns.Default); }

        RepeatedText("page_url", row => row.PageUrl, isNullable: true);
        RepeatedText("source", row => row.Source);
        Value("ordinal", row => row.Ordinal);
        Append(new ValueColumn<DateTime>(SampleSchema.Timestamp("dropped_at", isNullable: false)), (column, row) => column.Add(row.DroppedAt.UtcDateTime));
        Append(extras, row => row.Extras);
    }

    /// <summary>Names of the columns that the files of kept rows may not have.</summary>
    /// <param name="scores">The run's score columns; null for a run without models.</param>
    /// <param name="pictures">Columns about the pictures' files.</param>
    public static IEnumerable<string> OwnNames(ScoreSchema? scores, PictureColumns pictures) =>
        OnlyHere.Concat(scores?.Columns.Select(column => column.Name).Concat(pictures.Names) ?? []);

    private static string? DetailOf(DropOutcome outcome) => OptOutSignals.Of(outcome) is not OptOutSignal.None and var signal ? signal.Name() : null;

    /// <summary>What download, decode and models found before the row was dropped.</summary>
    private void AddFacts(ScoreSchema scores, PictureColumns pictures)
    {
        Value("WIDTH", row => row.Picture?.Width);
        Value("HEIGHT", row => row.Picture?.Height);
        RepeatedText("NSFW", row => row.Scores.Nsfw, isNullable: true);
        Value("similarity", row => row.Scores.Similarity);
        for (int i = 0; i < scores.Columns.Count; i++)
        {
            int place = i;
            Value(scores.Columns[i].Name, row => row.Scores[place]);
        }

        if (pictures.Md5) { Text("md5", row => row.Picture?.Md5, isNullable: true); }
        Text("phash", row => row.Picture?.PHash, isNullable: true);
        foreach ((string name, Func<PictureFacts, string?> of) in pictures.Columns)
        {
            Text(name, row => row.Picture is { } picture ? of(picture) : null, isNullable: true);
        }

        Text("final_url", row => row.Fetch?.FinalUrl, isNullable: true);
    }
}
