using System.ComponentModel.DataAnnotations;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Output;

/// <summary>Where rows go and when a file is finished; bound to <c>Laion:Writing</c>.</summary>
public sealed class WritingOptions
{
    /// <summary>The output folder.</summary>
    /// <value>Default <c>out</c>.</value>
    [Required]
    public string Path { get; set; } = "out";

    /// <summary>Most rows of a part file.</summary>
    /// <value>Default 1,000,000.</value>
    [Range(1, int.MaxValue)]
    public int MaxRows { get; set; } = 1_000_000;

    /// <summary>Most bytes of a part file before compression.</summary>
    /// <value>Default 1 GiB: about 300 MB on disk.</value>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>Longest time from a part file's first row to its commit; rows that are not committed are fetched again after a crash.</summary>
    /// <value>Default 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Which pictures are stored in tars beside the rows, in the layout of WebDataset and img2dataset: none, original (the fetched bytes) or resized.
    /// </summary>
    /// <value>Default none.</value>
    public KeptPictures Images { get; set; }

    /// <summary>
    /// What pictures are stored in: tar; files (a folder of loose files per part); or parquet (a column <c>jpg</c> of <c>images/NNNNN.parquet</c>, named after
    /// <c>Resize:Format</c> for resized pictures). The layouts are img2dataset's.
    /// </summary>
    /// <value>Default tar.</value>
    public PictureContainer Container { get; set; }

    /// <summary>How resized pictures are made.</summary>
    [Required]
    public ResizeOptions Resize { get; set; } = new();

    /// <summary>Maximum rows of a part when pictures are stored: the samples of a tar.</summary>
    /// <value>Default 10,000, as img2dataset.</value>
    [Range(1, 1_000_000)]
    public int RowsPerShard { get; set; } = 10_000;

    /// <summary>
    /// Whether the rows get the columns <c>copyright</c>, <c>creator</c> and <c>web_statement</c> (from the pictures' XMP and EXIF) and <c>tdm_policy</c> (the
    /// address in the TDM Reservation Protocol's header or file).
    /// </summary>
    /// <value>Default false.</value>
    public bool Rights { get; set; }

    /// <summary>
    /// Which embeddings each part gets beside its rows, as float16 of length 1 in the folders that clip-retrieval reads: none, image, or both (picture and
    /// caption). Needs models.
    /// </summary>
    /// <value>Default none.</value>
    public KeptVectors Embeddings { get; set; }

    /// <summary>
    /// Which digests of the fetched bytes are computed and are columns: <c>md5</c>, <c>sha256</c>, <c>sha512</c>, separated by commas, or <c>none</c>.
    /// Taking rows out by <c>remove --md5</c> needs md5; that removed pictures do not come back needs md5 or sha256.
    /// </summary>
    /// <value>Default <c>md5</c>.</value>
    [Required]
    [RegularExpression("^ *(none|(md5|sha256|sha512)( *, *(md5|sha256|sha512))*) *$",
        ErrorMessage = "Digests are md5, sha256 and sha512, separated by commas, or none.")]
    public string Digests { get; set; } = "md5";

    /// <summary>
    /// Whether the pictures' EXIF is a column, as JSON text: JPEG, PNG, WebP, TIFF. It may tell who took a picture, when and where.
    /// </summary>
    /// <value>Default false.</value>
    public bool Exif { get; set; }

    /// <summary>
    /// Whether dropped rows are written too, under <c>dropped/</c>: address, caption, reason, and what was known by then. Part of the fingerprint: an output has
    /// all of its dropped rows or none. An outcome is then durable with its part, not after <see cref="LedgerFlush"/>.
    /// </summary>
    /// <value>Default false.</value>
    public bool Drops { get; set; }

    /// <summary>Bytes of a row group before compression.</summary>
    /// <value>Default 64 MiB.</value>
    [Range(1024, 1 << 30)]
    public int RowGroupBytes { get; set; } = 64 << 20;

    /// <summary>Longest time a drop stays in memory only; at most that much is done again after a crash.</summary>
    /// <value>Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan LedgerFlush { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of a ledger segment: a start reads one segment, whatever the run's size.</summary>
    /// <value>Default 64 MiB.</value>
    [Range(4096, 1L << 32)]
    public long LedgerSegmentBytes { get; set; } = 64 << 20;

    /// <summary>The columns about pictures' files.</summary>
    internal PictureColumns PictureColumns
    {
        get
        {
            string[] digests = Digests.Split(',', StringSplitOptions.TrimEntries);
            return new PictureColumns(digests.Contains("md5"), digests.Contains("sha256"), digests.Contains("sha512"), Exif, Rights);
        }
    }

    /// <summary>Maximum rows of a part, whatever its files.</summary>
    internal int MostRows => Images == KeptPictures.None ? MaxRows : Math.Min(MaxRows, RowsPerShard);

    /// <summary>Whether an output on a file system without file locks is refused: there a second process that writes to it would not be noticed.</summary>
    /// <value>Default true.</value>
    public bool RequireLock { get; set; } = true;
}
