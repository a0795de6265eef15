using System.ComponentModel.DataAnnotations;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Queue;

/// <summary>Samples of the full input list: the same on every machine, and growing at their end only.</summary>
public sealed class InputSampleTests
{
    private static readonly string[] Files =
        [.. Enumerable.Range(0, 1000).Select(i => $"https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-22/{i:d5}.warc.wat.gz")];

    [Theory]
    [InlineData("all", 1000)]
    [InlineData("first:10", 10)]
    [InlineData("first:5000", 1000)]
    [InlineData("random:10", 10)]
    [InlineData("random:all", 1000)]
    [InlineData("random:100000@9", 1000)]
    public void Of_Sample_TakesSoManyEachOnce(string sample, int count)
    {
        IReadOnlyList<string> taken = InputSample.Of(Files, sample);

        Assert.Equal(count, taken.Distinct().Count());
        Assert.Equal(count, taken.Count);
        Assert.Subset(Files.ToHashSet(), taken.ToHashSet());
        if (!sample.StartsWith("random", StringComparison.Ordinal)) { Assert.Equal(Files.Take(count), taken); }
    }

    [Fact]
    public void Of_RandomSample_IsTheSameForTheSameSeedAndSpreadOverTheList()
    {
        IReadOnlyList<string> taken = InputSample.Of(Files, "random:100@7");

        Assert.Equal(taken, InputSample.Of([.. Files.Reverse()], "random:100@007"));
        Assert.NotEqual(taken, InputSample.Of(Files, "random:100@8"));
        Assert.NotEqual(taken, InputSample.Of(Files, "random:100"));
        Assert.Equal(InputSample.Of(Files, "random:100@0"), InputSample.Of(Files, "random:100"));
        Assert.InRange(taken.Count(file => Array.IndexOf(Files, file) < 500), 30, 70);
        Assert.NotEqual(taken.Order(StringComparer.Ordinal), taken);
    }

    [Fact]
    public void Of_LargerSampleOfTheSameSeed_BeginsWithTheSmallerOne() =>
        Assert.Equal(InputSample.Of(Files, "random:20@3"), InputSample.Of(Files, "random:400@3").Take(20));

    [Theory]
    [InlineData("all", true)]
    [InlineData("first:3", true)]
    [InlineData("random:3", true)]
    [InlineData("random:all@12", true)]
    [InlineData("first:0", false)]
    [InlineData("first:all", false)]
    [InlineData("first:3@1", false)]
    [InlineData("random:", false)]
    [InlineData("random:3@", false)]
    [InlineData("10", false)]
    [InlineData("first:9999999999", false)]
    public void Sample_OtherForms_AreNotValid(string sample, bool isValid) =>
        Assert.Equal(isValid,
            Validator.TryValidateProperty(sample, new ValidationContext(new InputOptions()) { MemberName = nameof(InputOptions.Sample) }, null));
}
