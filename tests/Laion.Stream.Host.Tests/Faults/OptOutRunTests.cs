using System.Globalization;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Demo;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.TestWorld.Makers;

namespace LaionStream.Host.Tests.Faults;

/// <summary>Whole runs over pictures that object to their use.</summary>
public sealed class OptOutRunTests
{
    private static readonly byte[] Xmp = MetadataFiles.IntoPng(
        LoopbackFaults.SoundPicture.ToArray(), "iTXt", MetadataFiles.Text(Encoding.UTF8.GetBytes(MetadataFiles.Mining("DMI-PROHIBITED")), isCompressed: true));

    private static readonly byte[] Store = MetadataFiles.IntoPng(
        LoopbackFaults.SoundPicture.ToArray(), "caBX", MetadataFiles.Training("cawg.training-mining", "cawg.ai_training", "notAllowed"));

    [Fact]
    public async Task Run_PicturesThatObject_AreDroppedBeforeDecodeAndCountedBySignal()
    {
        await using SmallRun run = await StartAsync();

        RunReport report = await run.ExecuteAsync();

        Assert.Equal(20, report.Summary.Dropped["image_opt_out"]);
        Assert.Equal(new OptOutCount(10, 0), report.Summary.OptOuts["xmp_data_mining"]);
        Assert.Equal(new OptOutCount(10, 0), report.Summary.OptOuts["c2pa_training_mining"]);
        Assert.Equal(SmallRun.KeptPerFile - 20, report.Summary.Kept);
        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);

        RunReport again = await run.ExecuteAsync(); // the counts are read back from the done lines
        Assert.Equal(10, again.Summary.OptOuts["xmp_data_mining"].Dropped);
    }

    [Fact]
    public async Task Run_SwitchOff_KeepsThemAndCountsThem()
    {
        await using SmallRun run = await StartAsync();
        run.Settings["Laion:OptOut:Embedded"] = "false";

        RunReport report = await run.ExecuteAsync();

        Assert.Equal(SmallRun.KeptPerFile, report.Summary.Kept);
        Assert.Equal(new OptOutCount(0, 10), report.Summary.OptOuts["xmp_data_mining"]);
        Assert.Equal(new OptOutCount(0, 10), report.Summary.OptOuts["c2pa_training_mining"]);
        string json = await File.ReadAllTextAsync(Path.Combine(run.Output, "summary.json"));
        Assert.Contains("\"optOuts\": {", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RightsWanted_AreColumnsOfTheRows()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        run.Picture = MetadataFiles.IntoPng(
            LoopbackFaults.SoundPicture.ToArray(), "iTXt", MetadataFiles.Text(Encoding.UTF8.GetBytes(MetadataFiles.Rights), isCompressed: true));
        run.Settings["Laion:Writing:Rights"] = "true";

        await run.ExecuteAsync();

        string part = Directory.EnumerateFiles(run.Output, "part-*.parquet", SearchOption.AllDirectories).First();
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
        await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
        {
            Dictionary<string, object?> cells = row.ToDictionary();
            Assert.Equal(("All rights", "Ada; Bob", "https://a.example/rights", null),
                (cells["copyright"], cells["creator"], cells["web_statement"], cells["tdm_policy"]));
        }
    }

    // Of each six links the first has no alt text, the second an XMP that prohibits, the third an assertion.
    private static async Task<SmallRun> StartAsync()
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        run.PictureOf = path => (int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture) % 6) switch
        {
            1 => Xmp,
            2 => Store,
            _ => run.Picture,
        };
        return run;
    }
}
