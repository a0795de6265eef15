using System.Text.Json;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Models.Tests.Heads;

public sealed class NsfwClassifierTests
{
    [SkippableFact]
    public void ScoreAsync_ReferencePictures_GivesTensorFlowsProbabilities()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using ModelSet models = ModelSet.Load(
            BundledModels.TinyClip, new ModelOptions { Fallback = BundledModels.Nsfw }, new InferenceOptions(), NullLoggerFactory.Instance);
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("models", "fixtures", "nsfwjs_expected.json")));
        foreach (JsonElement row in fixture.RootElement.GetProperty("cases").EnumerateArray().Where(r => r.GetProperty("model").GetString() == "mobilenet_v2"))
        {
            string path = SharedData.PathOf("models", "fixtures", row.GetProperty("input").GetString()!);
            ScoreRequest image = TestPictures.FromFile(path, null, models.PixelSpecs);
            float hentai = row.GetProperty("probabilities")[1].GetSingle();
            float porn = row.GetProperty("probabilities")[3].GetSingle();

            float answer = models.Devices[0].Score([image], CancellationToken.None)[0]![ScoreSchema.Standard.IndexOf("punsafe")]!.Value;

            Assert.Equal(hentai + porn, answer, 3e-5f);
        }
    }
}
