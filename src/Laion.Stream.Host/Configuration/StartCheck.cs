using LaionStream.Engine.Filtering;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;

namespace LaionStream.Host.Configuration;

/// <summary>
/// Checks inputs, models and output before anything is created or loaded, so that all errors are reported together with the settings' errors.
/// </summary>
/// <remarks>Only what this machine can find at once: no requests are sent, no list of paths is read, no model is opened.</remarks>
internal static class StartCheck
{
    /// <summary>One line per error, each starting with its key.</summary>
    /// <param name="configuration">All sources; values that do not bind have been reported, and are treated as not given.</param>
    /// <param name="needs">What the verb needs.</param>
    public static IEnumerable<string> Errors(IConfiguration configuration, StartNeeds needs)
    {
        var errors = new List<string>();
        string output = Bound<WritingOptions>(configuration, "Writing")?.Path ?? "";
        if (needs.HasFlag(StartNeeds.Inputs) && Bound<InputOptions>(configuration, "Input") is { } input) { errors.AddRange(InputCheck.Errors(input, output)); }
        if (needs.HasFlag(StartNeeds.Models)) { errors.AddRange(ModelErrors(configuration)); }

        if (output.Length > 0 && (needs & (StartNeeds.Output | StartNeeds.EarlierOutput)) != 0)
        {
            errors.AddRange(OutputErrors(output, needs.HasFlag(StartNeeds.EarlierOutput)));
        }
        return errors;
    }

    /// <summary>The errors in an output folder that a verb is to write.</summary>
    /// <param name="path">As given.</param>
    /// <param name="mustExist">Whether an earlier run must have written there.</param>
    public static IEnumerable<string> OutputErrors(string path, bool mustExist)
    {
        const string Key = "Laion:Writing:Path";
        if (path.Contains("://", StringComparison.Ordinal)) { return [$"{Key}: '{path}' is an address; a folder is wanted (a mounted one will do)."]; }

        string full = Path.GetFullPath(path);
        if (mustExist && !File.Exists(Path.Combine(RunState.StateFolder(full), "manifest.jsonl")))
        {
            return [$"{Key}: '{path}' holds no output of an earlier run (it has no state/manifest.jsonl)."];
        }
        if (File.Exists(full)) { return [$"{Key}: '{path}' is a file; a folder is wanted."]; }

        string there = full;
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } above) { there = above; }
        if (File.Exists(there)) { return [$"{Key}: '{path}' cannot be made, for '{there}' is a file."]; }
        return FolderAccess.Refusal(there) is { } refusal ? [$"{Key}: '{path}' cannot be written: {refusal} ('{there}')."] : [];
    }

    private static IEnumerable<string> ModelErrors(IConfiguration configuration)
    {
        bool isOff = Bound<FilterOptions>(configuration, "Filtering")?.Off ?? true;
        if (Bound<ModelOptions>(configuration, "Models") is not { } models) { return []; }
        if (models.Path is not { Length: > 0 } folder)
        {
            return isOff ? [] : [
                "Laion:Models:Path: no models are named: give --models a folder with a CLIP (image and text tower, tokenizer), or set Laion:Filtering:Off to keep every picture unscored."];
        }

        if (!Directory.Exists(folder)) { return [$"Laion:Models:Path: '{folder}' is {(File.Exists(folder) ? "a file; a folder is wanted" : "not there")}."]; }

        try
        {
            ModelManifest.Read(folder);
            return [];
        }
        catch (ModelException e)
        {
            return [$"{e.Key}: {e.Message}"];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"Laion:Models:Path: {e.Message}"];
        }
    }

    private static T? Bound<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection("Laion:" + section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException)
        {
            return null; // a value that does not bind is among the settings' own errors
        }
    }
}
