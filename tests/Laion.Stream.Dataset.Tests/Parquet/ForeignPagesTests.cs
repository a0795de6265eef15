using System.Runtime.CompilerServices;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Dataset.Tests.Parquet;

/// <summary>
/// Pages as other writers write them. The files of <c>Pages</c> were written by parquet-cpp (ParquetSharp 25.0.1): 90 rows of each type that a list may have,
/// in small pages of both versions, in every encoding and codec.
/// </summary>
public sealed class ForeignPagesTests
{
    private const int Rows = 90;
    private const int Mutants = 300;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60); // for files that take milliseconds
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Func<int, object?>> Values = new(StringComparer.Ordinal)
    {
        ["text"] = i => $"https://exämple/{i / 3}/{new string('猫', i % 4)}",
        ["maybe"] = i => i % 5 == 2 ? null : $"same {i % 7}",
        ["none"] = _ => null,
        ["long"] = i => (i % 2 == 0 ? 1 : -1) * 1_000_003L * i * i * i * i * i,
        ["maybe long"] = i => i % 3 == 0 ? null : i * 10L,
        ["int"] = i => (long)unchecked(i * 715827883),
        ["uint"] = i => (long)unchecked((uint)i * 715827883u),
        ["short"] = i => (long)(short)((i * 700) - 32000),
        ["ushort"] = i => (long)(ushort)(i * 700),
        ["byte"] = i => (long)(byte)(i * 3),
        ["sbyte"] = i => i % 4 == 1 ? null : (long)(sbyte)(i - 50),
        ["double"] = i => i / 7.0,
        ["float"] = i => i % 6 == 0 ? null : (double)(i / 8f),
        ["bool"] = i => i % 3 == 0,
        ["maybe bool"] = i => i % 4 == 0 ? null : i % 2 == 0,
        ["us"] = i => i % 5 == 0 ? null : Start.AddTicks(i * 123_456_789_010L),
        ["ms"] = i => Start.AddMilliseconds(-i * 86_399_999L),
        ["date"] = i => DateTimeOffset.UnixEpoch.AddDays((i * 400) - 10000),
    };

    public static TheoryData<string> Names =>
    [
        "plain-v1", "dictionary-v1", "lengths-v2", "suffixes-v1", "split-v2", "snappy-v1", "gzip-v2", "brotli-v1", "zstd-v2", "lz4-v1", "lz4-hadoop-v2",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rows_OfEachEncodingAndCodec_AreTheWritten(string name)
    {
        await using ListParquetReader reader = await ListParquetReader.OpenAsync(PathOf(name), default);
        ListParquetRows rows = reader.Open(0, Enumerable.Range(0, reader.Columns.Count));

        Assert.Equal(Values.Keys, reader.Columns.Select(column => column.Name));
        Assert.Equal(Rows, reader.RowsIn(0));
        for (int row = 0; row < Rows; row++)
        {
            await rows.AdvanceAsync(row, default);
            for (int column = 0; column < Values.Count; column++)
            {
                object? expected = Values[reader.Columns[column].Name](row);
                Assert.True(Equals(expected, rows.Value(column, row)),
                    $"{reader.Columns[column].Name} of row {row}: {rows.Value(column, row)} instead of {expected}");
                Assert.Equal(expected as string, rows.Text(column, row)?.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rows_DamagedAnywhere_EndOrAreDamaged(string name)
    {
        byte[] sound = File.ReadAllBytes(PathOf(name));
        Task reading = Task.Run(async () =>
        {
            for (int seed = 0; seed < Mutants; seed++) { await ReadAsync(Damage(sound, new Random(seed))); }
        });

        await reading.WaitAsync(Longest);
    }

    // Its pages have fewer values than they declare: the package looks for more after the last one, and reads an endless number there.
    [Fact]
    public async Task Rows_PageWithFewerValuesThanItSays_IsDamaged()
    {
        int damaged = await Task.Run(() => ReadAsync(File.ReadAllBytes(PathOf("number-without-end")))).WaitAsync(Longest);

        Assert.Equal(2, damaged);
    }

    [Fact]
    public async Task ReadRowsAsync_PageWithFewerValuesThanItSays_IsDamaged()
    {
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(PathOf("number-without-end"));
        Task<int> reading = Task.Run(async () => await reader.ReadRowsAsync().CountAsync());

        await Assert.ThrowsAsync<InvalidDataException>(() => reading.WaitAsync(Longest));
    }

    /// <summary>Reads everything that can be read.</summary>
    /// <returns>The damaged row groups.</returns>
    private static async Task<int> ReadAsync(byte[] file)
    {
        int damaged = 0;
        try
        {
            await using ListParquetReader reader = await ListParquetReader.OpenAsync("x.parquet", new MemoryStream(file, writable: false), null, default);
            for (int group = 0; group < reader.GroupCount; group++)
            {
                try { await ReadGroupAsync(reader, group); }
                catch (InvalidDataException) { damaged++; }
            }
        }
        catch (IOException)
        {
            return 0; // the footer
        }

        return damaged;
    }

    private static async Task ReadGroupAsync(ListParquetReader reader, int group)
    {
        int[] columns = [.. Enumerable.Range(0, reader.Columns.Count)];
        ListParquetRows rows = reader.Open(group, columns);
        for (int row = 0; row < Math.Min(reader.RowsIn(group), 10_000); row++)
        {
            await rows.AdvanceAsync(row, default);
            foreach (int column in columns) { rows.Value(column, row); }
        }
    }

    private static byte[] Damage(byte[] sound, Random random)
    {
        byte[] damaged = [.. sound];
        for (int hits = random.Next(1, 8); hits > 0; hits--)
        {
            Span<byte> at = damaged.AsSpan(random.Next(damaged.Length));
            int length = Math.Min(at.Length, random.Next(1, 6));
            at[..length].Fill(random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) });
        }

        return damaged;
    }

    private static string PathOf(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Pages", name + ".parquet");
}
