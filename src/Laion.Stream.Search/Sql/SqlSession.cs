using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace LaionStream.Search.Sql;

/// <summary>
/// An embedded SQL engine of its own, in memory, which reads and writes only below the folders given to <see cref="Lock"/> and never uses a network.
/// </summary>
/// <remarks>One query at a time. Dispose it after the last one: what it spilled to its temporary folder is deleted then.</remarks>
internal sealed class SqlSession : IDisposable
{
    private readonly DuckDBConnection _connection = new("Data Source=:memory:");
    private readonly SqlLimits _limits;

    /// <summary>Starts the engine.</summary>
    /// <param name="limits">What it may use.</param>
    public SqlSession(SqlLimits limits)
    {
        _limits = limits;
        _connection.Open();
        int threads = Math.Max(2, limits.Threads > 0 ? limits.Threads : Environment.ProcessorCount);
        Set($"threads = {SqlText.Number(threads)}");
        Set($"memory_limit = '{SqlText.Number(Math.Max(limits.MemoryBytes, 64L << 20) >> 10)}KiB'");
        Set($"temp_directory = {SqlText.Literal(limits.TempFolder ?? "")}");
        Set("autoinstall_known_extensions = false");
        Set("autoload_known_extensions = false");
        Set("allow_community_extensions = false");
        Set("preserve_insertion_order = true");
        Set("TimeZone = 'UTC'"); // a time's text and parts must not depend on the machine
        Set("enable_progress_bar = true");
        Set("enable_progress_bar_print = false");
        Set("progress_bar_time = 0");
    }

    /// <summary>Share of the current query's input that was read, 0 to 100; negative when nothing is known. May be called from another thread.</summary>
    public double Progress => _connection.GetQueryProgress().Percentage;

    /// <summary>From here on, files outside these folders can neither be read nor written, and no setting can be changed.</summary>
    /// <param name="folders">Folders of the inputs and of the output, absolute.</param>
    public void Lock(IEnumerable<string> folders)
    {
        IEnumerable<string> allowed = folders.Concat(_limits.TempFolder is { } temp ? [temp] : []).Select(folder => folder.TrimEnd('/') + "/");
        Set($"allowed_directories = {SqlText.List(allowed.Distinct(StringComparer.Ordinal).Select(SqlText.Literal))}");
        Set("enable_external_access = false");
        Set("lock_configuration = true");
    }

    /// <summary>Registers a predicate over a row's place, for <see cref="Run"/>; called by several threads at once.</summary>
    public void AddPredicate(string name, Func<long, long, long, bool> isIn) =>
        _connection.RegisterScalarFunction<long, long, long, bool>(name, (input, output, rows) =>
        {
            for (ulong i = 0; i < rows; i++)
            {
                output.WriteValue(isIn(input[0].GetValue<long>(i), input[1].GetValue<long>(i), input[2].GetValue<long>(i)), i);
            }
        });

    /// <summary>Runs a statement that is no query.</summary>
    /// <returns>The rows that it wrote (<c>COPY</c>).</returns>
    /// <exception cref="RequestException">The engine refused it, or it took too long; the message is the engine's first line.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public long Run(string sql, CancellationToken abort) => Execute(sql, (command, _) => command.ExecuteNonQuery(), abort);

    /// <summary>Runs a query whose result is one number.</summary>
    /// <inheritdoc cref="Run"/>
    public long Number(string sql, CancellationToken abort) =>
        Execute(sql, (command, _) => Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture), abort);

    /// <summary>Runs a query and passes on each row of its result as it comes.</summary>
    /// <inheritdoc cref="Run"/>
    public void Read(string sql, Action<DbDataReader> take, CancellationToken abort) => Execute(sql, (command, either) =>
    {
        command.UseStreamingMode = true;
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            either.ThrowIfCancellationRequested();
            take(reader);
        }

        return 0;
    }, abort);

    /// <summary>Names of a query's columns, in order.</summary>
    public IReadOnlyList<string> Columns(string query)
    {
        var names = new List<string>();
        Read($"DESCRIBE {query}", row => names.Add(row.GetString(0)), CancellationToken.None);
        return names;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        if (_limits.TempFolder is { } temp && Directory.Exists(temp)) { Directory.Delete(temp, recursive: true); }
    }

    private long Execute(string sql, Func<DuckDBCommand, CancellationToken, long> run, CancellationToken abort)
    {
        using var timer = new CancellationTokenSource();
        if (_limits.Time is { } time) { timer.CancelAfter(time); }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, timer.Token);
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using CancellationTokenRegistration registration = either.Token.Register(command.Cancel);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            return run(command, either.Token);
        }
        catch (Exception e) when (e is DuckDBException or OperationCanceledException && either.IsCancellationRequested)
        {
            abort.ThrowIfCancellationRequested();
            throw new RequestException(string.Create(CultureInfo.InvariantCulture, $"The query took longer than {_limits.Time:c}, its time limit."));
        }
        catch (DuckDBException e)
        {
            throw new RequestException(FirstLine(e.Message));
        }
    }

    private void Set(string setting) => Read($"SET {setting}", static _ => { }, CancellationToken.None);

    private static string FirstLine(string message)
    {
        string line = message.Split('\n', 2)[0].Trim();
        return line.Length > 500 ? line[..500] + "…" : line;
    }
}
