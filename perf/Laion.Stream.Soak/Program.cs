using System.CommandLine;
using LaionStream.Host.Demo;
using LaionStream.Soak;

var rows = new Option<int>("--rows") { Description = "Candidates to make.", DefaultValueFactory = _ => 5000 };
var pages = new Option<bool>("--pages") { Description = "Make the WAT of the reference data's real pages instead; their pictures are answered with real ones." };
var model = new Option<bool>("--model") { Description = "Score with the bundled small CLIP; else the filter is off and nothing is scored." };
var models = new Option<string?>("--models") { Description = "Score with the models of this folder, and after each run put the same calls to them in a bare loop." };
var pictures = new Option<string?>("--pictures") { Description = "Folder of pictures to serve; else the demo's." };
var output = new Option<string>("--output") { Description = "Folder to write.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "laion-soak") };
var fakeModel = new Option<double?>("--fake-model") { Description = "Milliseconds that a stand-in for the model waits for each batch, using no processor." };
var rounds = new Option<int>("--rounds") { Description = "Runs, one after the other in this process.", DefaultValueFactory = _ => 1 };
var write = new Option<bool>("--write") { Description = "Keep the result in perf/results." };
var root = new RootCommand("Runs the whole graph against a loopback server in a process of its own and says what it cost. Any key as --Laion:Section:Key=value.")
{
    rows, pages, model, models, pictures, output, fakeModel, rounds, write,
};
var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
string[] rest = LaionStream.Host.CommandLine.TakeSettings(args, settings);
if (rest is [PictureServer.Verb, ..])
{
    await PictureServer.RunAsync(rest.ElementAtOrDefault(1));
    return 0;
}

root.SetAction((parsed, abort) => SoakRun.ExecuteAsync(
    new SoakPlan(
        parsed.GetValue(rows),
        parsed.GetValue(pages),
        parsed.GetValue(models) is { } folder ? Path.GetFullPath(folder) : parsed.GetValue(model) ? DemoAssets.ClipFolder : null,
        parsed.GetValue(pictures),
        Path.GetFullPath(parsed.GetRequiredValue(output)),
        parsed.GetValue(fakeModel) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        parsed.GetValue(rounds),
        parsed.GetValue(write)),
    settings,
    abort));
return await root.Parse(rest).InvokeAsync();
