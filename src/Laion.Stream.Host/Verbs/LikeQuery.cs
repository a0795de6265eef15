using System.CommandLine;
using System.Security.Cryptography;
using LaionStream.Dataset.Summary;
using LaionStream.Explorer.Data;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Verbs.Serving;
using LaionStream.Models.Onnx;
using LaionStream.Search.Subsets;

namespace LaionStream.Host.Verbs;

/// <summary>The options of a verb that compares rows with a text or a picture.</summary>
internal sealed class LikeQuery
{
    private static readonly string[] Roles = ["clip", "clip visual", "clip text"];

    private readonly Option<string> _like =
        new("--like") { Description = "Only rows whose picture is like this text, or like the picture in this file; the outputs need vectors.", HelpName = "TEXT|FILE" };

    private readonly Option<float?> _least =
        new("--min-similarity") { Description = "Lowest cosine for --like, -1 to 1: about 0.2 to 0.35 for a text, 0.6 to 1 for a picture.", HelpName = "S" };

    private readonly Option<string> _models = VerbOptions.Models();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_like);
        command.Add(_least);
        command.Add(_models);
    }

    /// <summary>Embeds what was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">Keys from the command line.</param>
    /// <param name="inputs">The inputs; the models are those of the runs that wrote them.</param>
    /// <param name="abort">Ends the wait.</param>
    /// <returns>Null when <c>--like</c> was not given.</returns>
    /// <exception cref="UsageException">It cannot be embedded, or the runs used other models.</exception>
    public async Task<LikeCondition?> MakeAsync(ParseResult parsed, IReadOnlyDictionary<string, string?> settings, IReadOnlyList<string> inputs, CancellationToken abort)
    {
        if (parsed.GetValue(_like) is not { Length: > 0 } like)
        {
            return parsed.GetValue(_least) is null ? null : throw new UsageException(["--min-similarity says how similar to --like, which is not given."]);
        }

        if (parsed.GetValue(_least) is not { } least || !(least is >= -1 and <= 1)) { throw new UsageException(["--like: how similar? Give --min-similarity, from -1 to 1."]); }

        string[] folders = [.. inputs.Where(Directory.Exists)];
        if (folders.Length == 0) { throw new UsageException(["--like needs output folders with vectors."]); }
        if (Other(folders) is { } other) { throw new UsageException([$"--like: the vectors of '{other}' are of another model than those of '{folders[0]}'."]); }

        await using EngineHost host = EngineHost.Start(null, VerbOptions.Merge(settings, null, null, parsed.GetValue(_models)), logsBesideOutput: false);
        try
        {
            using ServedAbilities abilities = ServedAbilities.Load(host.Services, [folders[0]], fetches: false);
            if (abilities.All.Models is not { } models) { throw new UsageException(["--like needs the models of the run: name their folder with --models."]); }
            return await EmbedAsync(models, like, least, abort);
        }
        catch (ModelException e)
        {
            throw new UsageException([$"{e.Key}: {e.Message}"]);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException([$"--like '{like}': {e.Message}"]);
        }
    }

    private static async Task<LikeCondition> EmbedAsync(IQueryModels models, string like, float least, CancellationToken abort)
    {
        if (!File.Exists(like)) { return new LikeCondition(like, await models.TextAsync(like, abort), least); }

        byte[] picture = await File.ReadAllBytesAsync(like, abort);
        return new LikeCondition($"sha256:{Convert.ToHexStringLower(SHA256.HashData(picture))}", await models.PictureAsync(picture, abort), least);
    }

    /// <summary>The first folder whose run used other models than that of the first.</summary>
    private static string? Other(string[] folders)
    {
        RunSummary? first = RunFiles.Summary(folders[0]);
        return folders.FirstOrDefault(folder => RunFiles.Summary(folder) is { } summary
            && Roles.Any(role => first?.Models.GetValueOrDefault(role) != summary.Models.GetValueOrDefault(role)));
    }
}
