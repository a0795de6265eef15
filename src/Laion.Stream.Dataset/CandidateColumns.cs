namespace LaionStream.Dataset;

/// <summary>Column buffers of <c>extract</c>'s files, in the order of <see cref="SampleSchema.CandidateColumns"/>.</summary>
public sealed class CandidateColumns(IReadOnlyList<ExtraColumn>? extras = null) : RowColumns<CandidateRow>
{
    private readonly TextColumn _url = new("URL", isNullable: false);
    private readonly TextColumn _text = new("TEXT", isNullable: true);
    private readonly RepeatedTextColumn _language = new("LANGUAGE", isNullable: false);
    private readonly RepeatedTextColumn _license = new("LICENSE", isNullable: false);
    private readonly ValueColumn<long> _hash = new("hash", isNullable: false);
    private readonly RepeatedTextColumn _pageUrl = new("page_url", isNullable: true);
    private readonly RepeatedTextColumn _source = new("source", isNullable: false);
    private readonly ValueColumn<long> _ordinal = new("ordinal", isNullable: false);
    private readonly ExtraColumns _extras = new(extras ?? []);

    /// <inheritdoc/>
    internal override IEnumerable<Column> All => [_url, _text, _language, _license, _hash, _pageUrl, _source, _ordinal, .. _extras.All];

    /// <inheritdoc/>
    internal override void Add(CandidateRow row)
    {
        _url.Add(row.Url);
        _text.Add(row.Text);
        _language.Add(row.Language);
        _license.Add(row.License);
        _hash.Add(row.Hash);
        _pageUrl.Add(row.PageUrl);
        _source.Add(row.Source);
        _ordinal.Add(row.Ordinal);
        _extras.Add(row.Extras);
    }
}
