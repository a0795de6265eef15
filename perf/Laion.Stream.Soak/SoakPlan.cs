using LaionStream.Demo;

namespace LaionStream.Soak;

/// <summary>What to run.</summary>
/// <param name="Rows">Number of candidates.</param>
/// <param name="RealPages">Whether the WAT is made of the reference data's pages.</param>
/// <param name="Models">Folder of the models that score; null for none.</param>
/// <param name="Pictures">Folder of pictures to serve; null for the demo's.</param>
/// <param name="Delay">The server's delay for each answer.</param>
/// <param name="Output">Folder to write.</param>
/// <param name="FakeModel">Duration of a fake model's batch; null for none.</param>
/// <param name="Rounds">Runs, one after the other.</param>
/// <param name="Write">Whether the result goes to perf/results.</param>
internal sealed record SoakPlan(
    int Rows, bool RealPages, string? Models, string? Pictures, TimeSpan Delay, string Output, TimeSpan? FakeModel, int Rounds, bool Write)
{
    /// <summary>The scoring, for names of results: <c>no-model</c>, <c>small-model</c>, <c>fake-model</c> or <c>model-</c> and the folder's name.</summary>
    public string Scoring => FakeModel is not null ? "fake-model"
        : Models is null ? "no-model"
        : Models == DemoAssets.ClipFolder ? "small-model"
        : "model-" + Path.GetFileName(Models);
}
