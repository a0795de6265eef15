using System.CommandLine;
using System.Reflection;
using BenchmarkDotNet.Running;
using LaionStream.Benchmarks;
using LaionStream.Benchmarks.Index;
using LaionStream.Benchmarks.Removal;
using LaionStream.Benchmarks.Serving;
using LaionStream.Benchmarks.Stages;
using LaionStream.Soak;
using LaionStream.Soak.Results;

if (args is [PictureServer.Verb, ..])
{
    await PictureServer.RunAsync(args);
    return 0;
}

if (args is ["jpeg", ..])
{
    JpegBeside.Run(args[1..]);
    return 0;
}

if (args is ["tensors", string jpegs, string count])
{
    TensorRun.Run(jpegs, count);
    return 0;
}

if (args is ["index", ..])
{
    return IndexMeasure.Run(args[1..]);
}

if (args is ["serve", ..])
{
    return await ServeLoad.RunAsync(args[1..]);
}

if (args is ["removal", ..])
{
    return await RemovalOutput.RunAsync(args[1..]);
}

if (args is ["decoders"])
{
    DecodersBeside.Run(StagePictures.Create(made: 20));
    return 0;
}

if (args is ["inflate", string gzip])
{
    InflateBeside.Run(gzip);
    return 0;
}

if (args is ["digests"])
{
    DigestBenchmarks.Run();
    return 0;
}

if (args.FirstOrDefault() is not ("stages" or "compare" or "plan" or "pictures" or "fetch" or "hot-paths" or "--help"))
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
    return 0;
}

var only = new Argument<string[]>("stage")
{
    Description = "extract, fetch, decode, tokenise, score, write, graph; none for all.",
    Arity = ArgumentArity.ZeroOrMore
};
var rounds = new Option<int>("--rounds") { Description = "Rounds that count.", DefaultValueFactory = _ => 5 };
var wat = new Option<string?>("--wat") { Description = "A gzip WAT to read instead of the made one." };
var write = new Option<bool>("--write") { Description = "Keep the result in perf/results." };
var stages = new Command("stages", "Every stage alone, beside its floor, as CPU time a unit.") { only, rounds, wat, write };
stages.SetAction((parsed, _) => StagesCommand.RunAsync(parsed.GetRequiredValue(only), parsed.GetValue(rounds), parsed.GetValue(wat), parsed.GetValue(write)));

var hot = new Command("hot-paths", "Every BenchmarkDotNet benchmark, in few iterations.") { write };
hot.SetAction(parsed => HotPaths.Run(parsed.GetValue(write)));

var before = new Argument<string>("before");
var after = new Argument<string>("after");
var compare = new Command("compare", "Holds a new result against an old one; exit code 1 on a regression beyond noise.") { before, after };
compare.SetAction(parsed => Comparison.Run(parsed.GetRequiredValue(before), parsed.GetRequiredValue(after)));

var result = new Argument<string>("result") { Description = "A stages.md." };
var model = new Option<string>("--model") { Description = "The model's name, for the table.", DefaultValueFactory = _ => "ViT-B/32" };
var rate = new Option<double>(
    "--gpu-rate")
{
    Description =
    "Pictures a second that one GPU scores; measure yours, the default is a published figure (perf/README.md).",
    DefaultValueFactory = _ =>
    MachinePlan.PublishedGpuRate
};
var found = new Option<double>("--fetched") { Description = "Share of candidates whose picture is fetched.", DefaultValueFactory = _ => 0.6 };
var plan = new Command("plan", "What larger machines would do with the measured unit costs.") { result, model, rate, found };
plan.SetAction(parsed => MachinePlan.Print(parsed.GetRequiredValue(result), parsed.GetRequiredValue(model), parsed.GetValue(rate), parsed.GetValue(found)));

var folder = new Argument<string>("folder");
var width = new Option<int?>("--width") { Description = "Pixels to shrink them to." };
var pictures = new Command("pictures", "Writes the pictures of the stages, for the soak to serve.") { folder, width };
pictures.SetAction(parsed => StagesCommand.WritePictures(parsed.GetRequiredValue(folder), parsed.GetValue(width)));

var url = new Argument<string>("url");
var authority = new Option<string?>("--ca") { Description = "PEM file of the server's certificate authority." };
var fetch = new Command("fetch", "The fetch stage against a server of yours, such as one with TLS.") { url, authority };
fetch.SetAction(async (parsed, _) =>
{
    string target = parsed.GetRequiredValue(url);
    Console.Write(ResultTable.Write([await FetchMeasure.RunAsync(new Rounds(5), _ => target, 20_000, parsed.GetValue(authority), Names.Fetch, "one URL")]));
});

return await new RootCommand("Benchmarks; any other arguments go to BenchmarkDotNet.") { hot, stages, compare, plan, pictures, fetch }.Parse(args)
    .InvokeAsync();
