using LaionStream.Dataset.Rows;

namespace LaionStream.Dataset.Tests.Parquet;

/// <summary>Seeded rows that look like a dataset's: long random URLs, captions with every script, repeated pages, nulls.</summary>
internal static class SampleRows
{
    private static readonly string[] Words = ["red", "a", "house", "on", "the", "Straße", "кошка", "猫と犬", "😀", "photo", "of", "two", "birds", "été"];
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static SampleRow Make(int index, int seed = 1)
    {
        var random = new Random((seed * 1_000_003) + index);
        string page = $"https://www.site{index / 17 % 997}.example/pages/{index / 17}/index.html";
        string url = $"https://cdn{random.Next(50)}.example.org/images/{random.NextInt64():x}/{random.NextInt64():x}-{random.Next(1, 999)}x{random.Next(1, 999)}.jpg";
        string text = string.Join(' ', Enumerable.Range(0, random.Next(3, 18)).Select(_ => Words[random.Next(Words.Length)]));
        return new SampleRow
        {
            SampleId = ((long)(index / 1000) << 32) | (uint)(index % 1000),
            Url = url,
            Text = index % 31 == 7 ? null : text,
            License = index % 40 == 0 ? "https://creativecommons.org/licenses/by/4.0/" : "?",
            Language = index % 2 == 0 ? "en" : "nolang",
            Hash = random.NextInt64(long.MinValue, long.MaxValue),
            PageUrl = index % 100 == 99 ? null : page,
            Source = $"CC-MAIN-{index / 1000:D5}.warc.wat.gz",
            Ordinal = index % 1000,
            Fetch = new FetchFacts(url, Start.AddMicroseconds(index * 1_234_567L)),
            Picture = new PictureFacts(random.Next(1, 5000), random.Next(1, 5000), Hex(random) + Hex(random), Hex(random)),
            Scores = new Scores(
                index % 31 == 7 ? null : random.NextDouble(),
                index % 3 == 0 ? "UNLIKELY" : null,
                Underage: false,
                [index % 5 == 0 ? null : random.NextSingle(), random.NextSingle(), null, index % 2 == 0 ? random.NextSingle() : null, null]),
        };
    }

    private static string Hex(Random random) => random.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
