using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Parquet;

/// <summary>Column buffers of <c>extract</c>'s files: the only place that defines their columns' names, types, order and values.</summary>
public sealed class CandidateColumns : RowColumns<CandidateRow>
{
    /// <summary>Creates empty columns.</summary>
    /// <param name="extras">A list's other columns.</param>
    public CandidateColumns(IReadOnlyList<ExtraColumn>? extras = null)
    {
        Text("URL", row => row.Url);
        Text("TEXT", row => row.Text, isNullable: true);
        RepeatedText("LANGUAGE", row => row.Language);
        RepeatedText("LICENSE", row => row.License);
        Value("hash", row => row.Hash);
        RepeatedText("page_url", row => row.PageUrl, isNullable: true);
        RepeatedText("source", row => row.Source);
        Value("ordinal", row => row.Ordinal);
        Append(extras, row => row.Extras);
    }
}
