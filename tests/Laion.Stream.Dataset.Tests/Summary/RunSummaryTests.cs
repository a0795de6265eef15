using LaionStream.Dataset.Summary;

namespace LaionStream.Dataset.Tests.Summary;

public sealed class RunSummaryTests
{
    [Fact]
    public void Parse_OnlyWhatTheFirstVersionRequired_HasNoNulls()
    {
        RunSummary summary = RunSummary.Parse("""
            {"verb":"run","complete":true,"links":3,"candidates":2,"kept":1,"dropped":{"timeout":2},"sets":{"en":1},"files":{"known":1,"done":1},"written_at":"2026-01-01T00:00:00Z"}
            """u8);

        Assert.Empty(summary.Stages);
        Assert.Empty(summary.OptOuts);
        Assert.Empty(summary.Models);
        Assert.Empty(summary.Thresholds);
        Assert.Empty(summary.Similarity);
        Assert.Empty(summary.Notes);
        Assert.Null(summary.Run);
    }

    [Fact]
    public void Parse_WhatToJsonWrote_IsTheSame()
    {
        RunSummary written = RunSummary.Parse("""
            {"verb":"run","complete":true,"links":3,"candidates":2,"kept":1,"dropped":{"timeout":2},"sets":{"en":1},"files":{"known":1,"done":1,"share":"2/3"},"written_at":"2026-01-01T00:00:00Z"}
            """u8) with
        { Similarity = new Dictionary<string, SimilarityHistogram> { ["en"] = new(0.2, 0.01, [1, 0, 2]) } };

        RunSummary read = RunSummary.Parse(written.ToJson());

        Assert.Equal(written.ToJson(), read.ToJson());
        Assert.Equal([1L, 0, 2], read.Similarity["en"].Counts);
        Assert.Equal("2/3", read.Files.Share);
    }
}
