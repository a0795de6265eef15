using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs;

/// <summary>The errors in the configured inputs, as far as this machine can find them without reading the inputs or sending requests.</summary>
internal static class InputCheck
{
    /// <summary>One line per error, starting with the key.</summary>
    /// <param name="options">The configured inputs.</param>
    /// <param name="output">The output folder, whose files are no inputs; null when there is none.</param>
    public static IEnumerable<string> Errors(InputOptions options, string? output = null)
    {
        var outputs = new FoundOutputs(output);
        if (options.Paths.Length == 0 && options.Crawl is not { Length: > 0 })
        {
            return ["Laion:Input:Paths: no input is named: give --input a file, directory, glob, URL or *.paths.gz, or a crawl's name as Laion:Input:Crawl."];
        }

        string[] share = options.Share.Split('/');
        var errors = new List<string>();
        if (options.Paths.Count(path => path == StandardInput.Name) > 1) { errors.Add("Laion:Input:Paths: '-' can be given once."); }
        if (!options.Format.Equals(InputKinds.Auto, StringComparison.OrdinalIgnoreCase) && InputKinds.Named(options.Format) is null)
        {
            errors.Add($"Laion:Input:Format: '{options.Format}' is not one of {InputKinds.Formats}.");
        }
        if (share.Length == 2 && int.TryParse(share[0], out int part) && int.TryParse(share[1], out int parts) && part > parts)
        {
            errors.Add($"Laion:Input:Share: there is no part {part} of {parts}.");
        }
        if (options.Share == SchedulerShare.Auto && !SchedulerShare.TryFind(options.Shares, Environment.GetEnvironmentVariable, out _, out string error))
        {
            errors.Add(error);
        }
        foreach (string path in options.Paths.Where(path => path != StandardInput.Name))
        {
            try
            {
                if (PublicLocation.IsRemote(path)) { InputExpansion.Address(path); }
                else if (!InputExpansion.IsRemote(path)) { LocalInputs.Check(path, options, outputs); }
            }
            catch (InputException e)
            {
                errors.Add(e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                errors.Add($"Laion:Input:Paths: '{path}' cannot be read: {e.Message}");
            }
        }

        return errors;
    }
}
