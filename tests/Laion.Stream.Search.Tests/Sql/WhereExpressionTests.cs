using LaionStream.Search.Sql;

namespace LaionStream.Search.Tests.Sql;

public sealed class WhereExpressionTests
{
    private static readonly ColumnNames Columns = new(["SAMPLE_ID", "URL", "TEXT", "WIDTH", "HEIGHT", "similarity", "fetched_at", "odd name"]);

    [Theory]
    [InlineData("WIDTH >= 512")]
    [InlineData("width >= 512 AND NOT (similarity < .3 OR TEXT IS NULL)")]
    [InlineData("URL LIKE '%.jpg' OR regexp_matches(URL, '^https')")]
    [InlineData("\"odd name\" = 1 OR rows.WIDTH IN (1, 2, 3)")]
    [InlineData("CASE WHEN WIDTH > 3 THEN true ELSE false END")]
    [InlineData("least(WIDTH, HEIGHT) BETWEEN 1 AND 2 AND length(TEXT) % 2 = 0")]
    [InlineData("try_cast(TEXT AS INTEGER) = 3 OR WIDTH::DOUBLE / HEIGHT > 1.5")]
    [InlineData("fetched_at < TIMESTAMPTZ '2026-01-01' -- a comment")]
    [InlineData("fetched_at + INTERVAL 3 DAY > '2026-01-01'")]
    [InlineData("/* a comment */ TEXT ILIKE '%; DROP TABLE x; --%'")]
    [InlineData("coalesce(nullif(split_part(URL, '/', 3), ''), 'x') <> 'y'")]
    [InlineData("TEXT SIMILAR TO 'a.*' AND starts_with(URL, 'h') AND contains(TEXT, 'é')")]
    public void Check_Condition_IsTaken(string expression) => Assert.Contains(expression, Check(expression), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("   -- only a comment")]
    [InlineData("1 = 1; DROP TABLE rows")]
    [InlineData("1 = 1); COPY rows TO '/tmp/x'; SELECT (1")]
    [InlineData("true) LIMIT (5")]
    [InlineData("true) GROUP BY (1")]
    [InlineData("true) ORDER BY (1")]
    [InlineData("true) QUALIFY (1 = 1")]
    [InlineData("true) HAVING (1 = 1")]
    [InlineData("true) USING SAMPLE (5")]
    [InlineData("true) UNION SELECT (1")]
    [InlineData("true) UNION ALL (SELECT 1")]
    [InlineData("EXISTS (SELECT 1)")]
    [InlineData("URL IN (SELECT URL FROM rows)")]
    [InlineData("WIDTH > ALL (SELECT 1)")]
    [InlineData("(SELECT count(*) FROM read_text('/etc/passwd')) > 0")]
    [InlineData("(FROM read_csv('/etc/passwd')) IS NOT NULL")]
    [InlineData("read_text('/etc/passwd') IS NOT NULL")]
    [InlineData("read_blob('/etc/passwd') IS NOT NULL")]
    [InlineData("glob('/etc/*') IS NOT NULL")]
    [InlineData("query('SELECT 1') IS NOT NULL")]
    [InlineData("getenv('HOME') = ''")]
    [InlineData("getvariable('x') = ''")]
    [InlineData("current_setting('temp_directory') = ''")]
    [InlineData("current_database() = ''")]
    [InlineData("current_user = ''")]
    [InlineData("version() = ''")]
    [InlineData("pg_typeof(1) = ''")]
    [InlineData("random() < 0.5")]
    [InlineData("RANDOM() < 0.5")]
    [InlineData("now() > fetched_at")]
    [InlineData("current_date > fetched_at")]
    [InlineData("current_localtimestamp() > fetched_at")]
    [InlineData("today() > fetched_at")]
    [InlineData("age(fetched_at) > INTERVAL 1 DAY")]
    [InlineData("uuid() = TEXT")]
    [InlineData("nextval('x') > 0")]
    [InlineData("txid_current() > 0")]
    [InlineData("setseed(0.5) IS NULL")]
    [InlineData("sleep_ms(100000) IS NULL")]
    [InlineData("write_log('x') IS NULL")]
    [InlineData("error('x') IS NULL")]
    [InlineData("pragma_version() IS NULL")]
    [InlineData("stats(URL) = ''")]
    [InlineData("count(*) > 0")]
    [InlineData("row_number() OVER () = 1")]
    [InlineData("sum(WIDTH) OVER () = 1")]
    [InlineData("unnest([1, 2]) = 1")]
    [InlineData("list_transform([1], x -> x + 1) = [2]")]
    [InlineData("list_transform([1], lambda x: x + 1) = [2]")]
    [InlineData("COLUMNS('.*') IS NOT NULL")]
    [InlineData("COLUMNS(*) IS NOT NULL")]
    [InlineData("rows.* IS NOT NULL")]
    [InlineData("*")]
    [InlineData("#1 = 1")]
    [InlineData("$1 = 1")]
    [InlineData("? = 1")]
    [InlineData("$x = 1")]
    [InlineData("DEFAULT")]
    [InlineData("system.main.read_text('/etc/passwd') IS NULL")]
    [InlineData("main.getenv('x') IS NULL")]
    [InlineData("'x'.read_text() IS NULL")]
    [InlineData("/* not closed")]
    [InlineData("'not closed")]
    [InlineData("\"not closed")]
    [InlineData("$$not closed")]
    [InlineData("WIDTH > 3\0")]
    [InlineData("other.WIDTH > 3")]
    [InlineData("duckdb_settings.value > 3")]
    [InlineData("__row = 1")]
    [InlineData("rowid = 1")]
    [InlineData("filename = 'x'")]
    [InlineData("lpad(TEXT, 2000000000, 'x') = ''")]
    [InlineData("repeat(TEXT, 2000000000) = ''")]
    [InlineData("format('{:2000000000}', WIDTH) = ''")]
    [InlineData("printf('%2000000000d', WIDTH) = ''")]
    [InlineData("replace(TEXT, 'a', TEXT) = ''")]
    [InlineData("regexp_replace(TEXT, 'a', TEXT, 'g') = ''")]
    [InlineData("list_resize([1], 2000000000) IS NULL")]
    [InlineData("range(2000000000) IS NULL")]
    [InlineData("TEXT::VARCHAR[] IS NULL")]
    [InlineData("TEXT::foo IS NULL")]
    [InlineData("x::system.main.foo IS NULL")]
    [InlineData("ATTACH '/tmp/x'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("PRAGMA version")]
    [InlineData("SET threads = 1")]
    public void Check_AnythingElse_IsRefused(string expression) => Assert.NotEmpty(Assert.Throws<RequestException>(() => Check(expression)).Errors);

    [Fact]
    public void Check_LongOrDeep_IsRefusedOrTakenAndNeverEndsTheProcess()
    {
        Assert.Throws<RequestException>(() => Check(new string(' ', 20_001)));
        foreach (string deep in (string[])
            [new string('(', 9_000) + "true" + new string(')', 9_000), Repeat("NOT ", 4_900) + "true", "WIDTH > 1" + Repeat("+1", 9_000), "WIDTH" + Repeat("::INT", 3_900) + " = 1",
                Repeat("abs(", 4_000) + "1" + Repeat(")", 4_000) + " = 1", Repeat("-", 1) + Repeat("(-", 6_000) + "1" + Repeat(")", 6_000) + " = 1",
                Repeat("CASE WHEN true THEN ", 900) + "true" + Repeat(" END", 900), Repeat("[", 9_000) + Repeat("]", 9_000) + " = 1", "WIDTH = 1" + Repeat(" OR WIDTH = 1", 1_400),
                "TEXT" + Repeat("||TEXT", 3_000) + " = ''", "WIDTH IN (1" + Repeat(",1", 9_000) + ")", Repeat("(SELECT ", 2_000) + "1" + Repeat(")", 2_000) + " = 1"])
        {
            try
            {
                Check(deep);
            }
            catch (RequestException e)
            {
                Assert.All(e.Errors, error => Assert.True(error.Length < 1_000, error));
            }
        }
    }

    [Fact]
    public void Check_MisspeltColumn_NamesTheOneMeantAndThoseThatExist()
    {
        string error = Assert.Single(Assert.Throws<RequestException>(() => Check("WITDH > 3")).Errors);

        Assert.Contains("did you mean WIDTH?", error, StringComparison.Ordinal);
        Assert.Contains("SAMPLE_ID, URL, TEXT", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SeveralErrors_NamesAll() => Assert.Equal(3, Assert.Throws<RequestException>(() => Check("a = 1 AND b = 2 AND random() < 1")).Errors.Count);

    private static string Check(string expression)
    {
        using var session = new SqlSession(new SqlLimits());
        return WhereExpression.Check(session, expression, Columns);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
