using LaionStream.Search.Sql;

namespace LaionStream.Search.Tests.Sql;

/// <summary>What a locked session still can do, whatever text reaches it.</summary>
public sealed class SqlSessionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-sql-");
    private readonly SqlSession _session = new(new SqlLimits { MemoryBytes = 100_000_000 });

    public SqlSessionTests()
    {
        Directory.CreateDirectory(In("allowed"));
        File.WriteAllText(In("secret.csv"), "a\n1\n");
        File.WriteAllText(In("allowed/open.csv"), "a\n1\n2\n");
        _session.Lock([In("allowed")]);
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("SELECT * FROM read_csv('{folder}/secret.csv')")]
    [InlineData("SELECT * FROM read_text('{folder}/allowed/../secret.csv')")]
    [InlineData("SELECT * FROM '{folder}/secret.csv'")]
    [InlineData("SELECT * FROM glob('{folder}/*')")]
    [InlineData("SELECT * FROM read_csv('{folder}/allowed-not/secret.csv')")]
    [InlineData("SELECT * FROM read_blob('/etc/hostname')")]
    [InlineData("COPY (SELECT 1) TO '{folder}/new.csv'")]
    [InlineData("COPY (SELECT 1) TO '{folder}/allowed/../new.csv'")]
    [InlineData("ATTACH '{folder}/new.db'")]
    [InlineData("EXPORT DATABASE '{folder}/new'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("LOAD '{folder}/allowed/x.duckdb_extension'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET allowed_directories = ['/']")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET threads = 100")]
    [InlineData("SET temp_directory = '/tmp'")]
    [InlineData("RESET memory_limit")]
    [InlineData("PRAGMA memory_limit = '100GB'")]
    [InlineData("SELECT * FROM read_csv('http://127.0.0.1:1/x')")]
    public void Locked_StatementThatReachesOut_IsRefused(string sql)
    {
        Assert.Throws<RequestException>(() => _session.Run(sql.Replace("{folder}", _folder.FullName, StringComparison.Ordinal), CancellationToken.None));

        Assert.Equal(["allowed", "secret.csv"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Locked_AllowedFolder_IsReadAndWritten()
    {
        Assert.Equal(2, _session.Number($"SELECT count(*) FROM read_csv('{In("allowed/open.csv")}')", CancellationToken.None));
        Assert.Equal(3, _session.Run($"COPY (SELECT * FROM range(3)) TO '{In("allowed/new.csv")}'", CancellationToken.None));
        Assert.True(File.Exists(In("allowed/new.csv")));
    }

    [Fact]
    public void Run_MoreMemoryThanAllowed_IsRefusedWithinIt() =>
        Assert.Contains("emory", Assert.Throws<RequestException>(
            () => _session.Number("SELECT max(length(s)) FROM (SELECT repeat('x', 1000000) || i AS s FROM range(100000) t(i) ORDER BY s DESC)", CancellationToken.None)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Run_LongerThanItsLimit_IsRefused()
    {
        using var session = new SqlSession(new SqlLimits { Time = TimeSpan.FromMilliseconds(100) });

        Assert.Contains("time limit", Assert.Throws<RequestException>(
            () => session.Number("SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = 3 AND md5(i::VARCHAR) LIKE 'abc%'", CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        using var abort = new CancellationTokenSource();
        Task<long> run = Task.Run(() => _session.Number("SELECT count(*) FROM range(100000000000) t(i) WHERE md5(i::VARCHAR) LIKE 'abc%'", abort.Token));
        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
