using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>The rows of all inputs as one view, <c>rows</c>, in a fixed order: by set, then input, part, and place in the part.</summary>
/// <remarks>
/// Besides the files' columns it has <c>set</c> and <c>domain</c> (where the files have none of their own), and a row's place: number of the set, of the file
/// in the set, and of the row in the file.
/// </remarks>
internal sealed class RowSource
{
    /// <summary>A row's place, as three columns of the view.</summary>
    public const string Place = "__set, __file, __row";

    private static readonly string[] FirstSets = ["en", "multi", "nolang"];

    private readonly IReadOnlyList<IGrouping<string?, RowsFile>> _sets;

    /// <summary>Creates the view.</summary>
    /// <param name="session">The engine; locked by this to the folders of the inputs and those given.</param>
    /// <param name="files">The files, in the order of the inputs; at least one.</param>
    /// <param name="folders">Folders that the session writes to.</param>
    /// <exception cref="RequestException">A file cannot be read, or columns of the files do not fit together.</exception>
    public RowSource(SqlSession session, IEnumerable<RowsFile> files, IEnumerable<string> folders)
    {
        _sets = [.. files.GroupBy(file => file.Set).OrderBy(set => Rank(set.Key)).ThenBy(set => set.Key, StringComparer.Ordinal)];
        IReadOnlyList<string> own = session.Columns(Union(""));
        FileColumns = new ColumnNames(own);
        string set = FileColumns.Has("set") ? "" : ", {set} AS \"set\"";
        string domain = FileColumns.Has("domain") || UrlColumn is null ? "" : $", {DomainOf(UrlColumn)} AS domain";
        Columns = new ColumnNames([.. own, .. set.Length > 0 ? ["set"] : Array.Empty<string>(), .. domain.Length > 0 ? ["domain"] : Array.Empty<string>()]);
        session.Run($"CREATE TEMP VIEW \"rows\" AS {Union($"{set}{domain}, {{number}}::BIGINT AS __set, file_index::BIGINT AS __file, file_row_number::BIGINT AS __row")}",
            CancellationToken.None);
        session.Lock(_sets.SelectMany(of => of).Select(file => Path.GetDirectoryName(file.Path)!).Distinct().SelectMany(folder => (string[])[folder, SqlText.Escape(folder)])
            .Concat(folders)); // a name with brackets is checked as it is written, and again as it is opened
    }

    /// <summary>The columns of the files.</summary>
    public ColumnNames FileColumns { get; }

    /// <summary>The columns that a query may name.</summary>
    public ColumnNames Columns { get; }

    /// <summary>The column of addresses, as the files write it; null when there is none.</summary>
    public string? UrlColumn => FileColumns.Find("URL");

    /// <summary>The file at a place.</summary>
    public RowsFile FileAt(long set, long file) => _sets[(int)set].ElementAt((int)file);

    /// <summary>All files with their places.</summary>
    public IEnumerable<(long Set, long Number, RowsFile File)> Places() =>
        _sets.SelectMany((set, number) => set.Select((file, i) => ((long)number, (long)i, file)));

    private static int Rank(string? set) => set is null ? int.MaxValue : Array.IndexOf(FirstSets, set) is >= 0 and int known ? known : FirstSets.Length;

    /// <summary>The host of an address, in lower case and without <c>www.</c></summary>
    private static string DomainOf(string url) =>
        $"lower(regexp_extract({SqlText.Name(url)}, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(?:[wW]{{3}}\\.)?(\\[[^\\]]*\\]|[^/:?#]*)', 1))";

    private string Union(string more) => string.Join(" UNION ALL BY NAME ", _sets.Select((set, number) =>
        $"SELECT *{more.Replace("{set}", set.Key is { } name ? SqlText.Literal(name) : "NULL::VARCHAR", StringComparison.Ordinal).Replace("{number}", SqlText.Number(number), StringComparison.Ordinal)} "
        + $"FROM read_parquet({SqlText.List(set.Select(file => SqlText.PathLiteral(file.Path)))}, union_by_name = true, hive_partitioning = false)"));
}
