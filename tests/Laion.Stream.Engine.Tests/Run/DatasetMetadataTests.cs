using LaionStream.Engine.Candidates;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Run;

namespace LaionStream.Engine.Tests.Run;

public sealed class DatasetMetadataTests
{
    [Fact]
    public void Thresholds_FilterOff_AreNone() =>
        Assert.Empty(DatasetMetadata.Thresholds(new FilterOptions { Off = true, MaxUnsafe = 0.5 }, hasMultilingualTower: true));

    [Theory]
    [InlineData(true, 0.2, 0.1)]
    [InlineData(false, 0.3, 0.3)]
    public void Thresholds_EachSet_IsThatItWasHeldTo(bool hasMultilingualTower, double multi, double nolang)
    {
        var options = new FilterOptions { MinSimilarity = new SimilarityThresholds { En = 0.3, Multi = 0.2, Nolang = 0.1 } };

        IReadOnlyDictionary<string, double> thresholds = DatasetMetadata.Thresholds(options, hasMultilingualTower);

        Assert.Equal([("similarity.en", 0.3), ("similarity.multi", multi), ("similarity.nolang", nolang)], thresholds.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Thresholds_LimitsOfScores_AreAmongThem()
    {
        var options = new FilterOptions { MaxUnsafe = 0.9, MinAesthetic = 4.5, Limits = { ["violence"] = new ScoreLimit { Min = 0.1, Max = 0.7 } } };

        IReadOnlyDictionary<string, double> thresholds = DatasetMetadata.Thresholds(options, hasMultilingualTower: true);

        Assert.Equal((0.9, 4.5, 0.1, 0.7), (thresholds["punsafe.max"], thresholds["aesthetic.min"], thresholds["violence.min"], thresholds["violence.max"]));
        Assert.Equal(7, thresholds.Count);
    }

    [Fact]
    public void OfRules_NamesEverySettingThatShapesRows()
    {
        RunFingerprint fingerprint = RunFingerprints.OfCandidates(new InputOptions(), new CandidateOptions { MinCaption = 9 }, OptOutPolicy.Of(new()));

        Dictionary<string, string> metadata = DatasetMetadata.OfRules(fingerprint);

        Assert.Equal("9", metadata["laion.setting.Candidates:MinCaption"]);
        Assert.Equal(64, metadata["laion.fingerprint"].Length);
        Assert.NotEqual(metadata["laion.fingerprint"], RunFingerprints.OfCandidates(new InputOptions(), new CandidateOptions(), OptOutPolicy.Of(new())).Digest);
        Assert.NotEmpty(metadata["laion.version"]);
    }
}
