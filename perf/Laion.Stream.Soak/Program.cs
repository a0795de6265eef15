using System.CommandLine;
using LaionStream.Soak;

var rows = new Option<int>("--rows") { Description = "Candidates to make.", DefaultValueFactory = _ => 5000 };
var pages = new Option<bool>("--pages") { Description = "Make the WAT of the reference data's real pages instead; their pictures are answered with real ones." };
var model = new Option<bool>("--model") { Description = "Score with the bundled small CLIP; else the filter is off and nothing is scored." };
var pictures = new Option<string?>("--pictures") { Description = "Folder of pictures to serve; else the demo's." };
var output = new Option<string>("--output") { Description = "Folder to write.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "laion-soak") };
var root = new RootCommand("Runs the whole graph against a loopback server in a process of its own and says what it cost. Any key as --Laion:Section:Key=value.")
{
    rows, pages, model, pictures, output,
};
var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
string[] rest = LaionStream.Host.CommandLine.TakeSettings(args, settings);
if (rest is [PictureServer.Verb, ..])
{
    await PictureServer.RunAsync(rest.ElementAtOrDefault(1));
    return 0;
}

root.SetAction((parsed, abort) => SoakRun.ExecuteAsync(
    new SoakPlan(parsed.GetValue(rows), parsed.GetValue(pages), parsed.GetValue(model), parsed.GetValue(pictures), Path.GetFullPath(parsed.GetRequiredValue(output))), settings, abort));
return await root.Parse(rest).InvokeAsync();
