using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>The inputs; bound to <c>Laion:Input</c>.</summary>
public sealed class InputOptions
{
    /// <summary>Files, directories, globs, http(s) URLs, <c>*.paths.gz</c> lists of them, and <c>-</c> for standard input.</summary>
    /// <value>Default none; <c>--input</c> sets it.</value>
    public string[] Paths { get; set; } = [];

    /// <summary>
    /// A crawl's name such as <c>CC-MAIN-2024-22</c>, or several separated by commas: each means its <c>wat.paths.gz</c> under <see cref="BaseUrl"/>.
    /// </summary>
    /// <value>Default none.</value>
    public string? Crawl { get; set; }

    /// <summary>The address of the crawls; relative lines of a <c>*.paths.gz</c> are resolved against it.</summary>
    /// <value>Default Common Crawl's.</value>
    [Required]
    [Url]
    public string BaseUrl { get; set; } = "https://data.commoncrawl.org/";

    /// <summary>
    /// The kind of the inputs: <c>auto</c> (by name, and by the first bytes when the name is not enough), <c>wat</c>, <c>warc</c>, <c>list</c>,
    /// <c>webdataset</c> (tars of pictures) or <c>pictures</c> (folders and globs of pictures, and lists of their paths); the last two need no network.
    /// </summary>
    /// <value>Default <c>auto</c>.</value>
    [Required]
    public string Format { get; set; } = "auto";

    /// <summary>
    /// Which files of the full list are read: <c>all</c>; <c>first:100</c>; or <c>random:100</c>, in random order, the same for the same seed
    /// (<c>random:100@7</c>; seed 0 when none is given). A larger sample with the same seed starts with the smaller one, and <c>random:all</c> only shuffles.
    /// Parts of a list (<see cref="Share"/>) are taken from the sample.
    /// </summary>
    /// <value>Default <c>all</c>.</value>
    [Required]
    [RegularExpression("^(all|first:[1-9][0-9]{0,8}|random:([1-9][0-9]{0,8}|all)(@[0-9]{1,18})?)$",
        ErrorMessage = "one of all, first:N, random:N, random:N@seed, random:all")]
    public string Sample { get; set; } = "all";

    /// <summary>
    /// Inputs to withdraw from this output, such as mistyped addresses: no row of them may have an outcome. They no longer prevent it from being complete.
    /// </summary>
    /// <value>Default none; <c>--forget</c> sets it.</value>
    public string[] Forget { get; set; } = [];

    /// <summary>The column of a list with the addresses, in any case.</summary>
    /// <value>Default <c>url</c>.</value>
    [Required]
    public string UrlColumn { get; set; } = "url";

    /// <summary>The column of a list with the captions, in any case; a list without it is refused.</summary>
    /// <value>Default none: the first of <c>caption</c>, <c>text</c> and <c>alt</c> that a list has.</value>
    public string? CaptionColumn { get; set; }

    /// <summary>
    /// The column of a list with the expected digest of each picture's bytes, in any case: hex of MD5, SHA-256 or SHA-512, told by its length. A row with
    /// other bytes, or without a digest, is dropped as <c>hash_mismatch</c>; a list without the column is refused.
    /// </summary>
    /// <value>Default none: nothing is verified.</value>
    public string? HashColumn { get; set; }

    /// <summary>
    /// Which other columns of lists are copied to the output: <c>all</c>, which requires the same columns in every list of a run; names separated by commas,
    /// null in lists that lack one; or <c>none</c>.
    /// </summary>
    /// <value>Default <c>all</c>.</value>
    [Required]
    public string KeepColumns { get; set; } = "all";

    /// <summary>
    /// The part of the full list for this machine: <c>3/16</c> (1-based) is every 16th file, starting with the third; <c>auto</c> is the part of the
    /// scheduler's task (Slurm's job arrays, Kubernetes' indexed jobs).
    /// </summary>
    /// <value>Default <c>1/1</c>.</value>
    [Required]
    [RegularExpression(@"^([1-9][0-9]*/[1-9][0-9]*|auto)$", ErrorMessage = "a part k/n such as 3/16, or auto")]
    public string Share { get; set; } = "1/1";

    /// <summary>Number of parts when <see cref="Share"/> is <c>auto</c>: the size of the array or job, whose tasks are then numbered from 0.</summary>
    /// <value>Default 0: the scheduler's number; Kubernetes gives none.</value>
    [Range(0, 1_000_000)]
    public int Shares { get; set; }

    /// <summary>Input files read concurrently.</summary>
    /// <value>Default 0: one per core.</value>
    [Range(0, 1024)]
    public int Parallel { get; set; }

    /// <summary>What to do with an input file that differs from what its output has read of it: <c>refuse</c>, <c>again</c> or <c>same</c>.</summary>
    /// <value>Default <see cref="ChangedInput.Refuse"/>.</value>
    public ChangedInput Changed { get; set; } = ChangedInput.Refuse;

    /// <summary>Limits of lists of input paths.</summary>
    [ValidateObjectMembers]
    public PathListOptions PathLists { get; set; } = new();
}
