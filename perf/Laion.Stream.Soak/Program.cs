using System.CommandLine;
using LaionStream.Demo;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Host.Hosting;
using LaionStream.Soak;
using LaionStream.Soak.Day;
using LaionStream.Soak.Gpu;
using LaionStream.Soak.Start;

if (args is [DecodeProgram.Verb]) { return DecodeProgram.Run(); }
if (args is [StartProfile.Verb, string profile, .. string[] lists]) { return StartProfile.Run(profile, lists); }

DecodeCommand.OfProgram = new DecodeCommand();
var rows = new Option<int>("--rows") { Description = "Candidates to make.", DefaultValueFactory = _ => 5000 };
var pages = new Option<bool>(
    "--pages")
{ Description = "Make the WAT of the reference data's real pages instead; their pictures are answered with real ones." };
var model = new Option<bool>("--model") { Description = "Score with the bundled small CLIP; else the filter is off and nothing is scored." };
var models = new Option<string?>(
    "--models")
{ Description = "Score with the models of this folder, and after each run put the same calls to them in a bare loop." };
var pictures = new Option<string?>("--pictures") { Description = "Folder of pictures to serve; else the demo's." };
var delay = new Option<double>("--delay") { Description = "Milliseconds that the server takes for each answer." };
var output = new Option<string>("--output") { Description = "Folder to write.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "laion-soak") };
var fakeModel = new Option<double?>("--fake-model") { Description = "Milliseconds that a stand-in for the model waits for each batch, using no processor." };
var rounds = new Option<int>("--rounds") { Description = "Runs, one after the other in this process.", DefaultValueFactory = _ => 1 };
var write = new Option<bool>("--write") { Description = "Keep the result in perf/results." };
var root = new RootCommand(
    "Runs the whole graph against a loopback server in a process of its own and says what it cost. Any key as --Laion:Section:Key=value.")
{
    rows, pages, model, models, pictures, delay, output, fakeModel, rounds, write,
};
var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
string[] rest = LaionStream.Host.CommandLine.TakeSettings(args, settings);
if (rest is [PictureServer.Verb, ..])
{
    await PictureServer.RunAsync(rest);
    return 0;
}

var dayRows = new Option<int>("--rows") { Description = "Rows of the day; 380 a second make 32.8 million.", DefaultValueFactory = _ => 32_800_000 };
var factor = new Option<double>("--faster") { Description = "Seconds of the run's clock in one real second.", DefaultValueFactory = _ => 100 };
var day = new Command("day", "The rows of a day against a web in memory: what lives on the heap, and how many entries the caches hold.") { dayRows, factor,
    output };
day.SetAction((parsed, abort) => DayRun.ExecuteAsync(
    parsed.GetValue(dayRows), parsed.GetValue(factor), Path.GetFullPath(parsed.GetRequiredValue(output)), settings, abort));
root.Subcommands.Add(day);
var results = new Option<string>("--results") { Description = "Folder of the result.", DefaultValueFactory = _ => Path.Combine("perf", "results") };
var dryRun = new Option<bool>("--dry-run") { Description = "Small shapes on the processor: shows that it runs." };
var limit = new Option<double>("--limit") { Description = "Seconds for everything.", DefaultValueFactory = _ => 540 };
var gpu = new Command("gpu", "Models on a GPU, layer by layer, into gpu.md (perf/gpu starts it).") { models, results, dryRun, limit };
gpu.SetAction((parsed, _) => GpuRun.ExecuteAsync(new GpuPlan(
    parsed.GetValue(models) is { } folder ? Path.GetFullPath(folder) : null,
    Path.GetFullPath(parsed.GetRequiredValue(results)),
    parsed.GetValue(dryRun),
    TimeSpan.FromSeconds(parsed.GetValue(limit)))));
root.Subcommands.Add(gpu);
var library = new Argument<string>("library");
var architecture = new Option<int>("--arch") { Description = "The architecture to keep, such as 90.", Required = true };
var slim = new Command("gpu-slim", "Blanks the code of other cards in a CUDA library, for perf/gpu pack.") { library, architecture };
slim.SetAction(parsed =>
{
    byte[] bytes = File.ReadAllBytes(parsed.GetRequiredValue(library));
    (long kept, long blanked) = FatBinary.KeepOnly(bytes, parsed.GetRequiredValue(architecture));
    File.WriteAllBytes(parsed.GetRequiredValue(library), bytes);
    Console.WriteLine($"kept {kept >> 20} MiB of device code, blanked {blanked >> 20} MiB");
});
root.Subcommands.Add(slim);
root.SetAction((parsed, abort) => SoakRun.ExecuteAsync(
    new SoakPlan(
        parsed.GetValue(rows),
        parsed.GetValue(pages),
        parsed.GetValue(models) is { } folder ? Path.GetFullPath(folder) : parsed.GetValue(model) ? DemoAssets.ClipFolder : null,
        parsed.GetValue(pictures),
        TimeSpan.FromMilliseconds(parsed.GetValue(delay)),
        Path.GetFullPath(parsed.GetRequiredValue(output)),
        parsed.GetValue(fakeModel) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        parsed.GetValue(rounds),
        parsed.GetValue(write)),
    settings,
    abort));
return await root.Parse(rest).InvokeAsync();
