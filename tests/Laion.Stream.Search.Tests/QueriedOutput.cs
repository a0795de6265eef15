using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Search.Tests;

/// <summary>An output folder made without a run: parts of any rows, written by an engine that is not ours, and their manifest.</summary>
internal sealed class QueriedOutput : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _manifest = new();
    private int _commits;

    public QueriedOutput(string name = "out")
    {
        _folder = Directory.CreateTempSubdirectory("laion-subset-");
        Root = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.Combine(Root, "state"));
    }

    /// <summary>The output.</summary>
    public string Root { get; }

    /// <summary>A path beside the output.</summary>
    public string Beside(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Adds a part.</summary>
    /// <param name="set">Its set.</param>
    /// <param name="rows">How many.</param>
    /// <param name="select">The columns, over <c>i</c> from 0.</param>
    /// <param name="rowGroup">Rows of a row group, at least.</param>
    public string Add(string set, int rows, string select = Columns, int rowGroup = 2048)
    {
        int part = _commits++;
        string relative = string.Create(CultureInfo.InvariantCulture, $"{set}/part-{part:D5}.parquet");
        string path = Path.Combine(Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Query($"COPY (SELECT {select.Replace("{part}", part.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)} FROM range({rows}) t(i)) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet, ROW_GROUP_SIZE {rowGroup})");
        byte[] bytes = File.ReadAllBytes(path);
        var entry = new ManifestEntry(part, set, DateTimeOffset.UnixEpoch, rows,
            [new ManifestFile(relative, relative + ".temp", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)))], new Dictionary<int, string>());
        _manifest.Append(Encoding.UTF8.GetString(entry.ToLine())).Append('\n');
        File.WriteAllText(Path.Combine(Root, "state", "manifest.jsonl"), _manifest.ToString());
        return path;
    }

    /// <summary>Columns like those of an output.</summary>
    public const string Columns = """
        ({part} * 4294967296 + i)::BIGINT AS "SAMPLE_ID", 'https://www.host' || (i % 10) || '.example/{part}/' || i || '.jpg' AS "URL",
        'caption ' || i AS "TEXT", (256 + i % 2000)::INTEGER AS "WIDTH", (256 + i % 1500)::INTEGER AS "HEIGHT", '?' AS "LICENSE",
        (0.2 + (i % 100) / 100.0)::DOUBLE AS similarity, ((hash({part} * 1000003 + i) // 2)::BIGINT) AS hash,
        (i % 10 / 10.0)::FLOAT AS punsafe, (i % 10 / 10.0)::FLOAT AS pwatermark, (i % 11)::FLOAT AS aesthetic,
        CASE WHEN i % 7 = 0 THEN NULL ELSE printf('%016x', (i // 3)::BIGINT) END AS phash,
        TIMESTAMPTZ '2026-01-02 03:04:05+00' AS fetched_at
        """;

    /// <summary>The rows of a query by an engine of its own.</summary>
    public static List<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
