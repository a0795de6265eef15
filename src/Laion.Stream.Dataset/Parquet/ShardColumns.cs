using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Parquet;

/// <summary>Column buffers of the Parquet files beside the rows: img2dataset's columns, then the dataset's own.</summary>
/// <remarks>For successes only: drops are in the ledger. A missing caption is written as null, as in img2dataset.</remarks>
public sealed class ShardColumns : RowColumns<ShardRow>
{
    /// <summary>Creates empty columns.</summary>
    /// <param name="scores">The run's score columns.</param>
    /// <param name="extras">A list's other columns, under names from <see cref="SampleSchema.Distinguish"/>.</param>
    /// <param name="ofIndex">
    /// Whether the file is for clip-retrieval: it also needs the key under the name <c>image_path</c>, and key and caption first.
    /// </param>
    /// <param name="pictures">Columns about the pictures' files.</param>
    /// <param name="bytes">Name of the column of the pictures themselves, the last one; null for none.</param>
    public ShardColumns(ScoreSchema scores, IReadOnlyList<ExtraColumn>? extras, bool ofIndex, PictureColumns? pictures = null,
        string? bytes = null)
    {
        if (ofIndex)
        {
            Text("image_path", row => row.Key);
            Text("caption", row => row.Row.Text, isNullable: true);
        }

        Text("url", row => row.Row.Url);
        if (!ofIndex) { Text("caption", row => row.Row.Text, isNullable: true); }
        Text("key", row => row.Key);
        RepeatedText("status", _ => "success");
        RepeatedText("error_message", _ => null, isNullable: true);
        Value("width", row => row.Width);
        Value("height", row => row.Height);
        Value("original_width", row => row.Row.Picture.Width);
        Value("original_height", row => row.Row.Picture.Height);
        AppendOurs(scores.Columns, pictures ?? PictureColumns.Default);
        Append(extras, row => row.Row.Extras);
        if (bytes is not null) { Append(new BytesColumn(bytes), (column, row) => column.Add(row.Picture.Span)); }
    }

    /// <summary>Names of the columns, in order, without a list's.</summary>
    public static IReadOnlyList<string> Names(ScoreSchema scores, PictureColumns pictures) => [.. new ShardColumns(scores, null, ofIndex: true, pictures).All.Select(column => column.Field.Name)];

    private void AppendOurs(IReadOnlyList<ScoreColumn> scores, PictureColumns pictures)
    {
        Value("SAMPLE_ID", row => row.Row.SampleId);
        RepeatedText("LICENSE", row => row.Row.License);
        RepeatedText("NSFW", row => row.Row.Scores.Nsfw, isNullable: true);
        RepeatedText("LANGUAGE", row => row.Row.Language);
        Value("similarity", row => row.Row.Scores.Similarity);
        Value("hash", row => row.Row.Hash);
        for (int i = 0; i < scores.Count; i++)
        {
            int place = i;
            Value(scores[i].Name, row => row.Row.Scores[place]);
        }

        if (pictures.Md5) { Text("md5", row => row.Row.Picture.Md5); }
        Text("phash", row => row.Row.Picture.PHash);
        foreach ((string name, Func<PictureFacts, string?> of) in pictures.Columns) { Text(name, row => of(row.Row.Picture), isNullable: true); }
        RepeatedText("page_url", row => row.Row.PageUrl, isNullable: true);
        Text("final_url", row => row.Row.Fetch.FinalUrl);
        RepeatedText("source", row => row.Row.Source);
        Value("ordinal", row => row.Row.Ordinal);
        Append(new ValueColumn<DateTime>(SampleSchema.Timestamp("fetched_at", isNullable: false)),
            (column, row) => column.Add(row.Row.Fetch.FetchedAt.UtcDateTime));
    }
}
