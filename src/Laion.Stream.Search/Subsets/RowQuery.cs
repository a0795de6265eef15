using System.Globalization;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Subsets;

/// <summary>
/// Which rows a request takes: those that meet all conditions; of these the distinct ones; of these some of each domain; of these a sample. Every choice is by
/// a total order of the rows, so that it depends on nothing but the inputs and the seed.
/// </summary>
internal sealed class RowQuery
{
    /// <summary>The predicate of <see cref="SubsetRequest.Like"/>, over a row's place.</summary>
    public const string Like = "__like";

    private readonly SubsetRequest _request;
    private readonly RowSource _source;
    private readonly string _where;

    /// <summary>Checks a request against the columns that exist.</summary>
    /// <exception cref="RequestException">It names what does not exist, or its condition is refused; all errors at once.</exception>
    public RowQuery(SqlSession session, SubsetRequest request, IReadOnlyList<SubsetPreset> presets, RowSource source)
    {
        (_request, _source) = (request, source);
        var errors = new List<string>();
        var conditions = new List<string>();
        foreach (SubsetPreset preset in presets.Where(preset => preset.Where is not null)) { Check(preset.Where!, $"--preset {preset.Name}: "); }
        if (request.Where is { } own) { Check(own, ""); }
        if (request.Format == SubsetFormat.Urls && source.UrlColumn is { } url) { conditions.Add($"trim({SqlText.Name(url)}) <> ''"); } // no empty lines
        if (request.Like is not null) { conditions.Add($"{Like}({RowSource.Place})"); }
        Columns = [.. request.Columns.Count == 0 ? source.FileColumns.All : request.Columns.Select(name => Find(source.Columns, name, "--columns: "))];
        if (request.Distinct != DistinctBy.None) { Find(source.FileColumns, DistinctColumn(request.Distinct), "--distinct: "); }
        if (request.PerDomain is not null) { Find(source.Columns, "domain", "--per-domain: "); }
        if (IsRandom && Key is null) { errors.Add($"A sample needs a column hash or URL ({source.FileColumns.Missing("hash")})"); }
        if (errors.Count > 0) { throw new RequestException(errors); }
        _where = conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);

        void Check(string expression, string prefix)
        {
            try
            {
                conditions.Add(WhereExpression.Check(session, expression, source.Columns));
            }
            catch (RequestException e)
            {
                errors.AddRange(e.Errors.Select(error => prefix + error));
            }
        }

        string Find(ColumnNames columns, string name, string prefix)
        {
            string? found = columns.Find(name);
            if (found is null) { errors.Add(prefix + columns.Missing(name)); }
            return found ?? "";
        }
    }

    /// <summary>The columns to write.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether rows must be compared with each other, so that they are chosen before any is written.</summary>
    public bool ComparesRows => _request.Distinct != DistinctBy.None || _request.PerDomain is not null || _request.Sample?.Rows is not null;

    /// <summary>The condition on a single row, when rows are not compared.</summary>
    public string Condition => _request.Sample is { Rows: null } sample ? $"{_where} AND {IsInShare(sample)}" : _where;

    private bool IsRandom => _request.PerDomain is not null || _request.Sample is not null;

    /// <summary>What a row's place in random order depends on; null when the files have no such column.</summary>
    private string? Key
    {
        get
        {
            string? identity = _source.FileColumns.Find("hash") ?? _source.UrlColumn;
            string id = _source.FileColumns.Find("SAMPLE_ID") is { } sample ? $", {SqlText.Name(sample)}" : "";
            return identity is null ? null : $"md5_number_lower(concat_ws(':', {SqlText.Number(_request.Seed)}, {SqlText.Name(identity)}{id}))";
        }
    }

    /// <summary>The query for the places of the chosen rows; in any order.</summary>
    public string Choose()
    {
        string random = Key is { } key ? $", {key} AS __key" : "";
        string same = _request.Distinct == DistinctBy.None ? "" : $", {SqlText.Name(_source.FileColumns.Find(DistinctColumn(_request.Distinct))!)} AS __same";
        string domain = _request.PerDomain is null ? "" : ", domain AS __domain";
        string query = $"SELECT {RowSource.Place}{(IsRandom ? random : "")}{same}{domain} FROM \"rows\" WHERE {_where}";
        if (_request.Distinct != DistinctBy.None)
        {
            query = $"SELECT * FROM ({query}) QUALIFY __same IS NULL OR row_number() OVER (PARTITION BY __same ORDER BY {RowSource.Place}) = 1";
        }

        if (_request.PerDomain is { } most)
        {
            query = $"SELECT * FROM ({query}) QUALIFY row_number() OVER (PARTITION BY __domain ORDER BY __key, {RowSource.Place}) <= {SqlText.Number(most)}";
        }

        return _request.Sample switch
        {
            null => $"SELECT {RowSource.Place} FROM ({query})",
            { Rows: { } rows } => $"SELECT {RowSource.Place} FROM ({query}) QUALIFY row_number() OVER (ORDER BY __key, {RowSource.Place}) <= {SqlText.Number(rows)}",
            { } sample => $"SELECT {RowSource.Place} FROM ({query}) WHERE {IsInShare(sample, "__key")}",
        };
    }

    private static string DistinctColumn(DistinctBy by) => by switch { DistinctBy.Hash => "hash", DistinctBy.Url => "URL", _ => "phash" };

    private string IsInShare(SubsetSample sample, string? key = null)
    {
        decimal bound = decimal.Truncate(sample.Percent / 100 * 18446744073709551616m);
        return bound > ulong.MaxValue ? "true" : string.Create(CultureInfo.InvariantCulture, $"{key ?? Key} < {bound:F0}::UBIGINT");
    }
}
