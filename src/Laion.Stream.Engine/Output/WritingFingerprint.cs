using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>The settings of <see cref="WritingOptions"/> that every part of an output must share: which files there are beside the rows.</summary>
internal static class WritingFingerprint
{
    /// <summary>Lists them. A value without effect in this run is stored as unset: it may change.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(WritingOptions options)
    {
        bool stores = options.Images != KeptPictures.None;
        bool resizes = options.Images == KeptPictures.Resized;
        return
        [
            Entry("Writing:Images", stores, options.Images),
            Entry("Writing:Container", stores && options.Container != PictureContainer.Tar, options.Container),
            Entry("Writing:RowsPerShard", stores, options.RowsPerShard),
            Entry("Writing:Resize:Size", resizes, options.Resize.Size),
            Entry("Writing:Resize:Mode", resizes, options.Resize.Mode),
            Entry("Writing:Resize:OnlyIfBigger", resizes, options.Resize.OnlyIfBigger),
            Entry("Writing:Resize:Format", resizes, options.Resize.Format),
            Entry("Writing:Resize:Quality", resizes, options.Resize.Quality),
            Entry("Writing:Rights", options.Rights, options.Rights),
            Entry("Writing:Embeddings", options.Embeddings != KeptVectors.None, options.Embeddings),
            FingerprintEntry.Of("Writing:Digests", DigestsOf(options.PictureColumns), "md5"),
            FingerprintEntry.Of("Writing:Exif", options.Exif, false),
            OfDrops(options),
        ];
    }

    /// <summary>Whether dropped rows are written: of a dataset and of candidates.</summary>
    public static FingerprintEntry OfDrops(WritingOptions options) => FingerprintEntry.Of("Writing:Drops", options.Drops, false);

    /// <summary>The digests that are columns. Without any it is "no digest", because version 0.1.0 skips keys that it does not know if their value is "none".</summary>
    private static string DigestsOf(PictureColumns columns)
    {
        string[] names = [.. columns.Md5 ? ["md5"] : Array.Empty<string>(), .. columns.Names.Where(name => name is "sha256" or "sha512")];
        return names.Length > 0 ? string.Join(' ', names) : "no digest";
    }

    private static FingerprintEntry Entry<T>(string key, bool matters, T value) => FingerprintEntry.Of<object?>(key, matters ? value : null, null);
}
