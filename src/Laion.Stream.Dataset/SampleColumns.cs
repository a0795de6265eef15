namespace LaionStream.Dataset;

/// <summary>Column buffers of <c>run</c>'s files, in the order of <see cref="SampleSchema.SampleColumns"/>.</summary>
public sealed class SampleColumns(IReadOnlyList<ExtraColumn>? extras = null) : RowColumns<SampleRow>
{
    private readonly ValueColumn<long> _sampleId = new("SAMPLE_ID", isNullable: false);
    private readonly TextColumn _url = new("URL", isNullable: false);
    private readonly TextColumn _text = new("TEXT", isNullable: true);
    private readonly ValueColumn<int> _width = new("WIDTH", isNullable: false);
    private readonly ValueColumn<int> _height = new("HEIGHT", isNullable: false);
    private readonly RepeatedTextColumn _license = new("LICENSE", isNullable: false);
    private readonly RepeatedTextColumn _nsfw = new("NSFW", isNullable: true);
    private readonly RepeatedTextColumn _language = new("LANGUAGE", isNullable: false);
    private readonly ValueColumn<double> _similarity = new("similarity", isNullable: true);
    private readonly ValueColumn<long> _hash = new("hash", isNullable: false);
    private readonly ValueColumn<float> _watermark = new("pwatermark", isNullable: true);
    private readonly ValueColumn<float> _unsafe = new("punsafe", isNullable: true);
    private readonly ValueColumn<float> _aesthetic = new("aesthetic", isNullable: true);
    private readonly ValueColumn<float> _q16 = new("q16", isNullable: true);
    private readonly ValueColumn<float> _toxicity = new("toxicity", isNullable: true);
    private readonly TextColumn _md5 = new("md5", isNullable: false);
    private readonly TextColumn _phash = new("phash", isNullable: false);
    private readonly RepeatedTextColumn _pageUrl = new("page_url", isNullable: true);
    private readonly TextColumn _finalUrl = new("final_url", isNullable: false);
    private readonly RepeatedTextColumn _source = new("source", isNullable: false);
    private readonly ValueColumn<long> _ordinal = new("ordinal", isNullable: false);
    private readonly ValueColumn<DateTime> _fetchedAt = new(SampleSchema.Timestamp("fetched_at", isNullable: false));
    private readonly ExtraColumns _extras = new(extras ?? []);

    /// <inheritdoc/>
    internal override IEnumerable<Column> All =>
    [
        _sampleId, _url, _text, _width, _height, _license, _nsfw, _language, _similarity, _hash, _watermark, _unsafe, _aesthetic, _q16, _toxicity,
        _md5, _phash, _pageUrl, _finalUrl, _source, _ordinal, _fetchedAt, .. _extras.All,
    ];

    /// <inheritdoc/>
    internal override void Add(SampleRow row)
    {
        _sampleId.Add(row.SampleId);
        _url.Add(row.Url);
        _text.Add(row.Text);
        _width.Add(row.Width);
        _height.Add(row.Height);
        _license.Add(row.License);
        _nsfw.Add(row.Nsfw);
        _language.Add(row.Language);
        _similarity.Add(row.Similarity);
        _hash.Add(row.Hash);
        _watermark.Add(row.Watermark);
        _unsafe.Add(row.Unsafe);
        _aesthetic.Add(row.Aesthetic);
        _q16.Add(row.Q16);
        _toxicity.Add(row.Toxicity);
        _md5.Add(row.Md5);
        _phash.Add(row.PHash);
        _pageUrl.Add(row.PageUrl);
        _finalUrl.Add(row.FinalUrl);
        _source.Add(row.Source);
        _ordinal.Add(row.Ordinal);
        _fetchedAt.Add(row.FetchedAt.UtcDateTime);
        _extras.Add(row.Extras);
    }
}
