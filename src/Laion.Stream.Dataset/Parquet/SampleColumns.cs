using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Parquet;

/// <summary>Column buffers of <c>run</c>'s files: the only place that defines the dataset's columns' names, types, order and values.</summary>
public sealed class SampleColumns : RowColumns<SampleRow>
{
    /// <summary>Creates empty columns.</summary>
    /// <param name="scores">The run's score columns.</param>
    /// <param name="extras">A list's other columns.</param>
    /// <param name="withShards">Whether the rows tell where their pictures are stored.</param>
    /// <param name="pictures">Columns about the pictures' files.</param>
    public SampleColumns(ScoreSchema scores, IReadOnlyList<ExtraColumn>? extras = null, bool withShards = false, PictureColumns? pictures = null)
        : this(scores.Columns, extras, withShards, pictures ?? PictureColumns.Default)
    {
    }

    private SampleColumns(IReadOnlyList<ScoreColumn> scores, IReadOnlyList<ExtraColumn>? extras, bool withShards, PictureColumns pictures)
    {
        Value("SAMPLE_ID", row => row.SampleId);
        Text("URL", row => row.Url);
        Text("TEXT", row => row.Text, isNullable: true);
        Value("WIDTH", row => row.Picture.Width);
        Value("HEIGHT", row => row.Picture.Height);
        RepeatedText("LICENSE", row => row.License);
        RepeatedText("NSFW", row => row.Scores.Nsfw, isNullable: true);
        RepeatedText("LANGUAGE", row => row.Language);
        Value("similarity", row => row.Scores.Similarity);
        Value("hash", row => row.Hash);
        for (int i = 0; i < scores.Count; i++)
        {
            int place = i;
            Value(scores[i].Name, row => row.Scores[place]);
        }

        if (pictures.Md5) { Text("md5", row => row.Picture.Md5); }
        Text("phash", row => row.Picture.PHash);
        foreach ((string name, Func<PictureFacts, string?> of) in pictures.Columns) { Text(name, row => of(row.Picture), isNullable: true); }
        RepeatedText("page_url", row => row.PageUrl, isNullable: true);
        Text("final_url", row => row.Fetch.FinalUrl);
        RepeatedText("source", row => row.Source);
        Value("ordinal", row => row.Ordinal);
        Append(new ValueColumn<DateTime>(SampleSchema.Timestamp("fetched_at", isNullable: false)),
            (column, row) => column.Add(row.Fetch.FetchedAt.UtcDateTime));
        if (withShards)
        {
            RepeatedText("shard", row => row.Shard, isNullable: true);
            Text("key", row => row.Key, isNullable: true);
        }

        Append(extras, row => row.Extras);
    }

    /// <summary>Names of the columns that only some runs have.</summary>
    /// <param name="scores">The run's score columns.</param>
    /// <param name="withShards">Whether the rows tell where their pictures are stored.</param>
    /// <param name="pictures">Columns about the pictures' files.</param>
    public static IEnumerable<string> OwnNames(ScoreSchema scores, bool withShards, PictureColumns pictures) =>
        scores.Columns.Select(column => column.Name).Concat(pictures.Names).Concat(withShards ? ["shard", "key"] : []);

    /// <summary>Names of the columns, in order.</summary>
    internal static IReadOnlyList<string> Names(IReadOnlyList<ScoreColumn> scores) =>
        [.. new SampleColumns(scores, null, withShards: false, PictureColumns.Default).All.Select(column => column.Field.Name)];
}
