using System.Data.Common;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Removal;

/// <summary>The rows of Parquet files of any columns.</summary>
/// <param name="session">The engine; may read and write the files' folders.</param>
internal sealed class ParquetRows(SqlSession session)
{
    private const int RowGroupRows = 65_536;

    /// <summary>Finds the rows that are to be removed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="judge">Decides.</param>
    /// <param name="abort">Ends it early.</param>
    /// <returns>Their places in the file from 0, and how many rows there are.</returns>
    /// <exception cref="InvalidDataException">The file has no column that tells rows apart.</exception>
    /// <exception cref="RequestException">The file cannot be read.</exception>
    public (ChosenRows Found, long Rows) Find(string path, RowJudge judge, CancellationToken abort)
    {
        string file = $"read_parquet({SqlText.PathLiteral(path)}, hive_partitioning = false)";
        var columns = new ColumnNames(session.Columns($"SELECT * FROM {file}"));
        if (!RowLooks.Columns.Any(columns.Has)) { throw RowLooks.Lacking(path); }

        var found = new ChosenRows();
        long rows = 0;
        string values = string.Join(", ", RowLooks.Columns.Select((column, i) => Of(column, i == 0 ? "BIGINT" : "VARCHAR")));
        session.Read($"SELECT file_row_number::BIGINT, {values} FROM {file}", row =>
        {
            rows++;
            var looks = new RowLooks(row.IsDBNull(1) ? null : row.GetInt64(1), Text(row, 2), Text(row, 3), Text(row, 4), Text(row, 5));
            if (judge.IsRemoved(looks)) { found.Add(0, 0, row.GetInt64(0)); }
        }, abort);
        return (found, rows);

        string Of(string column, string type) => columns.Find(column) is { } name ? $"TRY_CAST({SqlText.Name(name)} AS {type})" : $"NULL::{type}";
    }

    /// <summary>Copies the rows that stay. May be called once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="output">The copy.</param>
    /// <param name="gone">The rows that do not stay.</param>
    /// <param name="abort">Ends it early.</param>
    public void Copy(string path, string output, ChosenRows gone, CancellationToken abort)
    {
        session.AddPredicate("__gone", gone.Has);
        session.Run(
            $"COPY (SELECT * FROM read_parquet({SqlText.PathLiteral(path)}, hive_partitioning = false) WHERE NOT __gone(0, 0, file_row_number::BIGINT)) "
            + $"TO {SqlText.Literal(output)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {RowGroupRows}{ParquetMetadata.OptionOf(path)})", abort);
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
