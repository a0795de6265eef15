namespace LaionStream.Host.Tests.Verbs;

/// <summary>What a user reads after a mistake in the command line.</summary>
public sealed class CommandLineErrorsTests
{
    [Theory]
    [InlineData("verify --output out", "--output: there is no such option; the folder is given without an option: laion-stream verify DIR")]
    [InlineData("verify --output=out", "--output=out: there is no such option; the folder is given without an option: laion-stream verify DIR")]
    [InlineData("verify --shiped out", "--shiped: there is no such option; did you mean --shipped?")]
    [InlineData("verify out more", "more: this is one word too many.")]
    [InlineData("extract crawl.wat.gz --output out", "crawl.wat.gz: this is one word too many; did you mean --input crawl.wat.gz?")]
    [InlineData("retry out", "out: this is one word too many; did you mean --output out?")]
    [InlineData("run --Laion__Input__Parallel=2", "--Laion__Input__Parallel=2: there is no such option; did you mean --Laion:Input:Parallel?")]
    [InlineData("run --laion.input.parallel 2", "--laion.input.parallel: there is no such option; did you mean --Laion:Input:Parallel?")]
    [InlineData("run --outptu out", "--outptu: there is no such option; did you mean --output?")]
    [InlineData("verfy out", "verfy: there is no such verb; did you mean verify?")]
    [InlineData("subset out --to out.csv", "--to: 'out.csv' is none of parquet, csv, jsonl, ")]
    [InlineData("subset out --threads two", "--threads: 'two' is no whole number, or too large a one.")]
    [InlineData("subset out --seed 99999999999999999999999", "--seed: '99999999999999999999999' is no whole number, or too large a one.")]
    [InlineData("subset out --time-limit soon", "--time-limit: 'soon' is no time such as 00:01:30.")]
    public void Of_Mistake_SaysWhatWasMeant(string line, string expected) => Assert.StartsWith(expected, Errors(line)[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("verify out --shipped")]
    [InlineData("verify -- --out")]
    public void Of_SoundLine_IsEmpty(string line) => Assert.Empty(Errors(line));

    private static IReadOnlyList<string> Errors(string line)
    {
        string[] words = line.Split(' ');
        return CommandLineErrors.Of(CommandLine.Build(words, new Dictionary<string, string?>()).Parse(words));
    }
}
