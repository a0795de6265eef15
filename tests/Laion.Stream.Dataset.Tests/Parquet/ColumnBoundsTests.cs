using System.Globalization;
using DuckDB.NET.Data;
using LaionStream.Dataset.Parquet;
using LaionStream.TestWorld;

namespace LaionStream.Dataset.Tests.Parquet;

/// <summary>Readers skip row groups by the bounds in the footer: a bound that is not one loses rows, or gives rows that do not match.</summary>
public sealed class ColumnBoundsTests
{
    private static readonly DateTime Start = new(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string, string, long> Conditions => new()
    {
        { "time", "moment < TIMESTAMPTZ '2024-05-01 12:00:00+00'", 0 },
        { "time", "moment <= TIMESTAMPTZ '2024-05-01 12:00:00+00'", 1 },
        { "time", "moment > TIMESTAMPTZ '2024-05-01 12:01:39+00'", 0 },
        { "time", "moment >= TIMESTAMPTZ '2024-05-01 12:01:39+00'", 1 },
        { "time", "moment = TIMESTAMPTZ '2024-05-01 12:00:50+00'", 1 },
        { "time", "moment < TIMESTAMPTZ '1980-01-01 00:00:00+00'", 0 },
        { "long", "big < 0", 0 },
        { "long", "big > 98000000000", 1 },
        { "int", "small BETWEEN 10 AND 19", 10 },
        { "double", "real <= 0.5", 1 },
        { "double", "real > 98.5", 1 },
        { "float", "single < 0", 0 },
        { "bool", "flag", 50 },
        { "text", "text > 'row 98'", 1 },
        { "text", "text < 'row 0'", 0 },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Bounds_OfEachType_AreThoseOfTheValues(string type, string condition, long rows)
    {
        Assert.NotNull(type);
        using var folder = new TempFolder();
        await WriteAsync(folder.At("rows.parquet"));
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM read_parquet('{folder.At("rows.parquet")}') WHERE {condition}";

        Assert.Equal(rows, Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture));
    }

    private static async Task WriteAsync(string path)
    {
        var columns = new AnyColumns(
        [
            new("moment", typeof(DateTime), true), new("big", typeof(long), true), new("small", typeof(int), true), new("real", typeof(double), true),
            new("single", typeof(float), true), new("flag", typeof(bool), true), new("text", typeof(string), true),
        ]);
        await using FileStream file = File.Create(path);
        PartFileWriter<IReadOnlyList<object?>> writer = await PartFileWriter<IReadOnlyList<object?>>.CreateAsync(file, columns, new Dictionary<string, string>());
        for (int i = 0; i < 100; i++) { await writer.AddAsync([Start.AddSeconds(i), i * 1_000_000_000L, i, i + 0.5, (float)i, i % 2 == 0, $"row {i:D2}"]); }
        await writer.AddAsync(new object?[7]);
        await writer.CompleteAsync();
    }
}
