using System.Collections;

namespace LaionStream.Host.Configuration;

/// <summary>
/// Environment variables that look like settings but set nothing: with one underscore too few, or another prefix. Not an error, because other programs use the
/// environment too.
/// </summary>
internal static partial class StrangeVariables
{
    private const string Prefix = "LAION";

    /// <summary>One line for each.</summary>
    /// <param name="environment">Names and values, as from <see cref="Environment.GetEnvironmentVariables()"/>.</param>
    public static IEnumerable<string> Find(IDictionary environment) => environment.Keys.OfType<string>()
        .Where(LooksLikeOurs)
        .Order(StringComparer.Ordinal)
        .Select(name => $"{name}: this environment variable sets nothing, for keys are written {Prefix}__Section__Key{SettingsCheck.End(Hint(name))}");

    /// <summary>Logs what was found.</summary>
    public static void Report(IEnumerable<string> found, ILogger log)
    {
        foreach (string line in found) { Log.Strange(log, line); }
    }

    private static bool LooksLikeOurs(string name)
    {
        if (IsBound(name)) { return false; }
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) { return true; }

        int end = name.IndexOf("__", StringComparison.Ordinal);
        return end > 0 && Spelling.Slips(name[..end].ToUpperInvariant(), Prefix) <= 1;
    }

    /// <summary>Such a name is bound to the section, whose own check reports any error in the rest of it.</summary>
    private static bool IsBound(string name) =>
        name.StartsWith(Prefix + "__", StringComparison.OrdinalIgnoreCase) || name.StartsWith(Prefix + ":", StringComparison.OrdinalIgnoreCase);

    private static string Hint(string name)
    {
        string[] near = [.. KnownKeys.All.Where(key => Spelling.Slips(Letters(name), Letters(key)) <= 1)];
        return near.Length == 1
            ? $"; did you mean {near[0].Replace("Laion:", "LAION:", StringComparison.Ordinal).Replace(":", "__", StringComparison.Ordinal)}?"
            : "";
    }

    private static string Letters(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);

    private static partial class Log
    {
        [LoggerMessage(103, LogLevel.Warning, "{Variable}")]
        public static partial void Strange(ILogger log, string variable);
    }
}
