using System.CommandLine;
using System.Globalization;
using LaionStream.Search.Merging;

namespace LaionStream.Host.Verbs;

/// <summary><c>merge</c>: makes one output of those of several machines, without rows that are in another.</summary>
internal static class MergeVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var inputs = new Argument<string[]>("DIR") { Description = "Output folders, or patterns for them; of equal rows that of the folder named first wins.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output") { Description = "Folder to write; must not exist.", HelpName = "DIR", Required = true };
        var url = new Option<bool>("--by-url") { Description = "Rows with the same URL are equal too, whatever their captions." };
        var phash = new Option<bool>("--by-phash") { Description = "Rows whose pictures have the same perceptual hash are equal too." };
        var shipped = new Option<bool>("--shipped") { Description = "Parts that are not here were moved away on purpose: read the others." };
        var command = new Command(
            "merge",
            """
            Writes the rows of several outputs into one folder, of rows with the same URL and caption only the first: by the order of the folders,
            of the commits of a folder, and of the rows of a part. The column merged_from is the folder's number in merge.json.
            """) { inputs, output, url, phash, shipped };
        var query = new QueryOptions();
        var running = new QueryRun("merge", settings);
        query.AddTo(command);
        running.AddTo(command);
        command.SetAction((parsed, _) => running.RunAsync(parsed, (progress, stop) =>
        {
            var request = new MergeRequest
            {
                Inputs = parsed.GetRequiredValue(inputs),
                Output = parsed.GetRequiredValue(output),
                ByUrl = parsed.GetValue(url),
                ByPHash = parsed.GetValue(phash),
                IsShipped = parsed.GetValue(shipped),
                Limits = query.Of(parsed),
            };
            MergeResult result = MergeWriter.Write(request, progress, stop);
            return string.Create(CultureInfo.InvariantCulture, $"{result.Rows} of {result.Of} rows, {result.Parts} parts: {request.Output}{QueryRun.NoteOf(result.Unregistered)}");
        }));
        return command;
    }
}
