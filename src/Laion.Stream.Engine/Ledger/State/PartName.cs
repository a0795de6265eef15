using System.Globalization;

namespace LaionStream.Engine.Ledger.State;

/// <summary>How the files of one kind are named in the parts of a set.</summary>
/// <param name="Folder">Folder below the set's, with forward slashes; empty for the set's own.</param>
/// <param name="Prefix">Text before the part's number.</param>
/// <param name="Ending">Text after it, such as <c>.parquet</c>.</param>
internal sealed record PartName(string Folder, string Prefix, string Ending)
{
    /// <summary>Digits of a part's number, padded with zeros: readers sort names as text.</summary>
    public const string Digits = "D5";

    /// <summary>A file in the set's own folder: <c>part-</c>, number, ending.</summary>
    public static PartName Of(string ending) => new("", "part-", ending);

    /// <summary>Where the file of a part lies, relative to the output folder, with forward slashes.</summary>
    public string PathOf(string set, int part) =>
        $"{set}/{(Folder.Length > 0 ? Folder + "/" : "")}{Prefix}{part.ToString(Digits, CultureInfo.InvariantCulture)}{Ending}";
}
