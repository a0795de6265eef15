namespace LaionStream.Engine.Candidates;

/// <summary>Checks <see cref="CandidateOptions"/> beyond each key's own range.</summary>
internal static class CandidateOptionsRules
{
    /// <summary>One line per error, starting with the key.</summary>
    public static IEnumerable<string> Errors(CandidateOptions options)
    {
        if (options.BlockedDomainsFile is { Length: > 0 } file && !File.Exists(file))
        {
            yield return $"Laion:Candidates:BlockedDomainsFile: '{file}' is not there.";
        }
        if (options.MinCaption > options.MaxCaption)
        {
            yield return $"Laion:Candidates:MinCaption: {options.MinCaption} is more than MaxCaption ({options.MaxCaption}).";
        }

        foreach (string extension in (options.BlockedExtensions ?? []).Where(extension => extension.Length < 2 || extension[0] != '.'))
        {
            yield return $"Laion:Candidates:BlockedExtensions: '{extension}' does not begin with a dot.";
        }
    }
}
