using LaionStream.Soak;
using LaionStream.Soak.Results;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Benchmarks.Stages;

/// <summary>Measures every stage of the engine alone, compared with its floor in the same rounds.</summary>
internal static class StagesCommand
{
    private const int MadePictures = 200;
    private const int WatPasses = 4;
    private const int FetchedPictures = 6000;
    private const int GraphRows = 200_000;

    /// <summary>Measures, prints the table, and writes it if requested.</summary>
    /// <param name="only">Names of the stages to measure; none for all.</param>
    /// <param name="rounds">Number of measured rounds.</param>
    /// <param name="wat">A WAT to read instead of the generated one.</param>
    /// <param name="write">Whether the result goes to perf/results.</param>
    public static async Task<int> RunAsync(IReadOnlyCollection<string> only, int rounds, string? wat, bool write)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("laion-stages");
        var figures = new List<Figure>();
        var measure = new Rounds(rounds);
        try
        {
            if (Wanted("extract")) { figures.AddRange(await ExtractAsync(measure, wat, scratch)); }
            if (Wanted("fetch") || Wanted("decode") || Wanted("store") || Wanted("opt-outs"))
            {
                List<byte[]> pictures = StagePictures.Create(MadePictures);
                if (Wanted("fetch")) { figures.AddRange(await FetchAsync(measure, pictures, scratch)); }
                if (Wanted("decode")) { figures.AddRange(await DecodeMeasure.RunAsync(measure, pictures)); }
                if (Wanted("opt-outs")) { figures.AddRange(await OptOutMeasure.RunAsync(measure, pictures)); }
                if (Wanted("store")) { figures.AddRange(await StoreMeasure.RunAsync(measure, pictures)); }
            }

            if (Wanted("tokenise")) { figures.Add(await TextMeasure.RunAsync(measure)); }
            if (Wanted("score")) { figures.Add(await ScoreMeasure.RunAsync(measure)); }
            if (Wanted("write")) { figures.Add(await WriteMeasure.RunAsync(measure)); }
            if (Wanted("graph")) { figures.Add(await FlowMeasure.RunAsync(measure, GraphRows)); }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }

        Console.WriteLine(ResultFile.Machine());
        Console.WriteLine();
        Console.Write(ResultTable.Write(figures));
        if (write) { ResultFile.Write("stages", "Stages alone, beside their floors", figures, more: ""); }
        return figures.Count > 0 ? 0 : throw new ArgumentException($"No such stage: {string.Join(", ", only)}.");

        bool Wanted(string stage) => only.Count == 0 || only.Contains(stage);
    }

    /// <summary>Writes the pictures that the stages use, for the soak to serve.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="width">Width in pixels to shrink them to; null to leave them unchanged.</param>
    public static void WritePictures(string folder, int? width)
    {
        Directory.CreateDirectory(folder);
        List<byte[]> pictures = StagePictures.Create(MadePictures);
        if (width is { } narrow) { pictures = [.. pictures.Select(picture => StagePictures.Shrink(picture, narrow))]; }
        for (int i = 0; i < pictures.Count; i++) { File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"{i:D4}.jpg")), pictures[i]); }
        Console.WriteLine(StagePictures.Describe(pictures));
    }

    private static Task<IReadOnlyList<Figure>> ExtractAsync(Rounds rounds, string? wat, DirectoryInfo scratch)
    {
        if (wat is not null) { return ExtractMeasure.RunAsync(rounds, wat, Path.GetFileName(wat)); }
        string made = Path.Combine(scratch.FullName, "stages.warc.wat.gz");
        StageWat.Write(made, WatPasses);
        return ExtractMeasure.RunAsync(rounds, made, StageWat.Kind);
    }

    private static async Task<List<Figure>> FetchAsync(Rounds rounds, List<byte[]> pictures, DirectoryInfo scratch)
    {
        string folder = scratch.CreateSubdirectory("pictures").FullName;
        for (int i = 0; i < pictures.Count; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, FormattableString.Invariant($"{i:D4}.jpg")), pictures[i]);
        }
        string authority = Path.Combine(scratch.FullName, "ca.pem");
        return
        [
            await FromAsync(Names.Fetch, null, HttpProtocols.Http1),
            await FromAsync($"{Names.Fetch}, TLS, HTTP/1.1", authority, HttpProtocols.Http1),
            await FromAsync($"{Names.Fetch}, TLS, HTTP/2", authority, HttpProtocols.Http2),
        ];

        async Task<Figure> FromAsync(string name, string? caFile, HttpProtocols protocols)
        {
            using PictureServer server = await PictureServer.StartAsync(folder, authority: caFile, protocols: protocols);
            string scheme = caFile is null ? "http" : "https";
            return await FetchMeasure.RunAsync(rounds, i => $"{scheme}://{server.EndPoint}/{i % pictures.Count}.jpg", FetchedPictures, caFile, name,
                "the same pictures");
        }
    }
}
