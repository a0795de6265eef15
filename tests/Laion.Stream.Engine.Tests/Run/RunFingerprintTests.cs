using System.Text;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Models.Pictures;

namespace LaionStream.Engine.Tests.Run;

/// <summary>The fingerprint decides whether a run may continue an output.</summary>
public sealed class RunFingerprintTests
{
    // state/run.json of a dataset with default settings, written by version 0.1.0 (without models).
    private const string Stored010 =
        """
        {"Candidates:Agent":"laion-stream","Candidates:BlockedDomainsFile":"none","Candidates:BlockedExtensions":"","Candidates:DropBoilerplate":"False",
        "Candidates:FigureCaptions":"False","Candidates:MaxCaption":"2000","Candidates:MinCaption":"5","Candidates:Rules":"Default","Download:BlockLists:Bytes":"",
        "Download:BlockLists:Reload":"00:00:10","Download:BlockLists:Urls":"","Download:FromArchive":"False","Download:MaxBytes":"16777216","Download:MinBytes":"5000",
        "Download:RespectHeaders":"True","Download:Robots":"False","Filtering:MaxQ16":"none","Filtering:MaxToxicity":"none","Filtering:MaxUnsafe":"none",
        "Filtering:MaxWatermark":"none","Filtering:MinAesthetic":"none","Filtering:MinSimilarity:En":"0.28","Filtering:MinSimilarity:Multi":"0.26",
        "Filtering:MinSimilarity:Nolang":"0.26","Filtering:Off":"False","Imaging:Avif":"False","Imaging:Compat":"None","Imaging:DecodeTimeout":"00:00:30",
        "Imaging:Gif":"False","Imaging:Heic":"False","Imaging:MaxAspectRatio":"20","Imaging:MaxPixels":"89478484","Imaging:MinSide":"64","Imaging:Tiff":"False","Kind":"dataset"}
        """;

    // Outputs contain these keys: if one is renamed or removed, all of them are refused. Add new ones with the value that their absence means.
    private static readonly string[] Frozen =
    [
        "Candidates:Agent", "Candidates:BlockedDomainsFile", "Candidates:BlockedExtensions", "Candidates:DropBoilerplate", "Candidates:FigureCaptions",
        "Candidates:MaxCaption", "Candidates:MinCaption", "Candidates:Rules", "Download:BlockLists:Bytes", "Download:BlockLists:Urls", "Download:Cookies", "Download:FromArchive",
        "Download:MaxBytes", "Download:MinBytes", "Download:RespectHeaders", "Download:Robots", "Filtering:MaxQ16", "Filtering:MaxToxicity", "Filtering:MaxUnsafe",
        "Filtering:MaxWatermark", "Filtering:MinAesthetic", "Filtering:MinSimilarity:En", "Filtering:MinSimilarity:Multi", "Filtering:MinSimilarity:Nolang",
        "Filtering:Off", "Imaging:Avif", "Imaging:Compat", "Imaging:DecodeTimeout", "Imaging:Decoder", "Imaging:Gif", "Imaging:Heic", "Imaging:Jpeg", "Imaging:MaxAspectRatio", "Imaging:MaxPixels",
        "Imaging:MinSide", "Imaging:Tiff", "Inference:Precision", "Input:CaptionColumn", "Input:HashColumn", "Input:KeepColumns", "Input:UrlColumn", "Kind", "OptOut:ContentSignal",
        "OptOut:ContentUsage", "OptOut:Embedded", "OptOut:Page", "OptOut:TdmRep", "Writing:Container", "Writing:Digests", "Writing:Drops", "Writing:Embeddings", "Writing:Exif", "Writing:Images",
        "Writing:Resize:Format", "Writing:Resize:Mode", "Writing:Resize:OnlyIfBigger", "Writing:Resize:Quality", "Writing:Resize:Size", "Writing:Rights",
        "Writing:RowsPerShard",
    ];

    // What is obeyed for an output of version 0.1.0.
    private static readonly OptOutPolicy Earlier = OptOutPolicy.Of(new(), stored: new Dictionary<string, string> { ["Kind"] = "dataset" });

    [Fact]
    public void OfDataset_Defaults_HoldsTheFrozenKeys() => Assert.Equal(Frozen, RunFingerprint.Parse(Default().ToJson()).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void DifferencesFrom_OutputOfVersion010_Nothing() =>
        Assert.Empty(Default().DifferencesFrom(RunFingerprint.Parse(Encoding.UTF8.GetBytes(Stored010))));

    [Fact]
    public void DifferencesFrom_OwnJson_Nothing() => Assert.Empty(Default().DifferencesFrom(RunFingerprint.Parse(Default().ToJson())));

    [Fact]
    public void DifferencesFrom_OutputWithoutAnyOptionalKey_Nothing() =>
        Assert.Empty(Default().DifferencesFrom(new Dictionary<string, string> { ["Kind"] = "dataset" }));

    [Fact]
    public void DifferencesFrom_AbsentKeyAndAnotherValueThanBefore_IsNamed()
    {
        RunFingerprint run = RunFingerprints.OfDataset(new(), new(), new(), new ImagingOptions { MinSide = 1 }, new(), new(), Earlier, new(false), Models([]));

        Assert.Equal(["Imaging:MinSide: the output has 64, this run 1"], run.DifferencesFrom(new Dictionary<string, string> { ["Kind"] = "dataset" }));
    }

    [Fact]
    public void DifferencesFrom_OutputFromBeforeTheDecoderCouldBeChosen_WasMadeWithLibvips()
    {
        var managed = new ImagingOptions { Decoder = PictureLibrary.ImageSharp };
        RunFingerprint run = RunFingerprints.OfDataset(new(), new(), new(), managed, new(), new(), Earlier, new(false), Models([]));

        Assert.Equal(["Imaging:Decoder: the output has Vips, this run ImageSharp"], run.DifferencesFrom(RunFingerprint.Parse(Encoding.UTF8.GetBytes(Stored010))));
    }

    [Fact]
    public void DifferencesFrom_SettingOfPicturesThatAreNotStored_Nothing()
    {
        WritingOptions other = new() { RowsPerShard = 7, Container = PictureContainer.Files, Resize = new() { Size = 99, Quality = 1 } };
        WritingOptions original = new() { Images = KeptPictures.Original, Resize = new() { Size = 99 } };

        Assert.Empty(OfWriting(other).DifferencesFrom(RunFingerprint.Parse(Default().ToJson())));
        Assert.Empty(OfWriting(original).DifferencesFrom(RunFingerprint.Parse(OfWriting(new() { Images = KeptPictures.Original }).ToJson())));
        Assert.Equal(
            ["Writing:Images: the output has none, this run Original", "Writing:RowsPerShard: the output has none, this run 10000"],
            OfWriting(original).DifferencesFrom(RunFingerprint.Parse(Default().ToJson())));
    }

    [Theory]
    [InlineData("Gif", null, true)]
    [InlineData("Gif", ".svg", false)] // .gif is not blocked anyway: the switch changes nothing
    [InlineData("Gif", ".GIF", true)]
    [InlineData("Avif", null, false)]
    [InlineData("Avif", ".avif", true)]
    [InlineData("Tiff", ".tiff", true)]
    [InlineData("Heic", ".heif", true)]
    public void OfCandidates_SwitchOfAFormat_CountsWhereItOpensABlockedExtension(string format, string? blocked, bool counts)
    {
        var candidates = new CandidateOptions { BlockedExtensions = blocked is null ? null : [blocked] };
        var on = new ImagingOptions();
        typeof(ImagingOptions).GetProperty(format)!.SetValue(on, true);
        RunFingerprint off = RunFingerprints.OfCandidates(new(), candidates, OptOutPolicy.Of(new()));

        IReadOnlyList<string> differences = RunFingerprints.OfCandidates(new(), candidates, OptOutPolicy.Of(new()), on).DifferencesFrom(RunFingerprint.Parse(off.ToJson()));

        Assert.Equal(counts ? [$"Imaging:{format}: the output has False, this run True"] : [], differences);
    }

    [Fact]
    public void DifferencesFrom_DroppedRows_OfAnOutputWithoutThem_IsNamed() => Assert.Equal(
        ["Writing:Drops: the output has False, this run True"],
        OfWriting(new() { Drops = true }).DifferencesFrom(new Dictionary<string, string> { ["Kind"] = "dataset" }));

    [Fact]
    public void DifferencesFrom_ModelAddedRemovedChanged_EachIsNamed()
    {
        RunFingerprint run = RunFingerprints.OfDataset(new(), new(), new(), new(), new(), new(), Earlier, new(false), Models([("clip text", "aa"), ("punsafe", "bb")]));
        var stored = new Dictionary<string, string> { ["Kind"] = "dataset", ["Models:clip text"] = "ab", ["Models:aesthetic"] = "cc" };

        Assert.Equal(
            [
                "Models:aesthetic: the output has cc, this run none",
                "Models:clip text: the output has ab, this run aa",
                "Models:punsafe: the output has none, this run bb",
            ],
            run.DifferencesFrom(stored));
    }

    [Fact]
    public void DifferencesFrom_OutputFromBeforeHalfPrecision_WasInTheModelsOwn()
    {
        RunFingerprint run = RunFingerprints.OfDataset(new(), new(), new(), new(), new(), new(), Earlier, new(false), Models([]), "fp16 (clip text, clip visual)");

        Assert.Equal(
            ["Inference:Precision: the output has as-is, this run fp16 (clip text, clip visual)"],
            run.DifferencesFrom(new Dictionary<string, string> { ["Kind"] = "dataset" }));
    }

    [Fact]
    public void DifferencesFrom_KeyOfANewerVersion_IsNamed() =>
        Assert.Equal(
            ["Imaging:Sharpen: the output has 2, this run none"],
            Default().DifferencesFrom(new Dictionary<string, string> { ["Kind"] = "dataset", ["Imaging:Sharpen"] = "2" }));

    [Theory]
    [InlineData(null, null, true)] // a new output
    [InlineData(null, "", false)] // of a version without the setting
    [InlineData(null, "True", true)]
    [InlineData(null, "False", false)]
    [InlineData(true, "", true)] // refused: the fingerprints differ
    [InlineData(false, "True", false)]
    [InlineData(false, null, false)]
    public void Cookies_UnlessSet_AreAsTheOutputWasBegun(bool? wanted, string? stored, bool expected)
    {
        Dictionary<string, string>? known = stored switch { null => null, "" => [], _ => new() { [CookieSwitch.Key] = stored } };

        Assert.Equal(expected, CookieSwitch.Of(wanted, known).IsOn);
    }

    private static RunFingerprint OfWriting(WritingOptions writing) => RunFingerprints.OfDataset(new(), new(), new(), new(), new(), writing, Earlier, new(false), Models([]));

    private static RunFingerprint Default() =>
        RunFingerprints.OfDataset(new(), new CandidateOptions(), new DownloadOptions(), new ImagingOptions(), new FilterOptions(), new(), Earlier, new(false), Models([]));

    private static Dictionary<string, string> Models((string Role, string Sha256)[] models) => models.ToDictionary(model => model.Role, model => model.Sha256);
}
