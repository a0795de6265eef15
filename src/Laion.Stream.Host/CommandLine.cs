using System.CommandLine;
using LaionStream.Host.Verbs;
using LaionStream.Host.Verbs.Doctor;
using LaionStream.Host.Verbs.Explain;

namespace LaionStream.Host;

/// <summary>The verbs and their options. Configuration keys are options of every verb and are removed before parsing.</summary>
internal static class CommandLine
{
    private const string KeyPrefix = "--Laion:";

    private static readonly (string Name, Func<IReadOnlyDictionary<string, string?>, Command> Create)[] Verbs =
    [
        ("run", RunVerb.Command),
        ("demo", DemoVerb.Command),
        ("extract", ExtractVerb.Command),
        ("retry", RetryVerb.Command),
        ("verify", VerifyVerb.Command),
        ("reexamine", ReexamineVerb.Command),
        ("inspect", _ => InspectVerb.Command()),
        ("index", IndexVerb.Command),
        ("subset", SubsetVerb.Command),
        ("merge", MergeVerb.Command),
        ("remove", RemoveVerb.Command),
        ("report", _ => ReportVerb.Command()),
        ("serve", ServeVerb.Command),
        ("models", ModelsVerb.Command),
        ("doctor", DoctorVerb.Command),
        ("embed", EmbedVerb.Command),
        ("explain", ExplainVerb.Command),
        ("health", HealthVerb.Command),
        ("completion", _ => CompletionVerb.Command()),
    ];

    /// <summary>Removes <c>--Laion:Section:Key=value</c> (or two words) from the arguments.</summary>
    /// <param name="args">As given.</param>
    /// <param name="settings">Receives the keys, without dashes.</param>
    /// <returns>The other arguments.</returns>
    public static string[] TakeSettings(IReadOnlyList<string> args, IDictionary<string, string?> settings)
    {
        var rest = new List<string>();
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith(KeyPrefix, StringComparison.OrdinalIgnoreCase))
            {
                rest.Add(args[i]);
                continue;
            }

            string word = args[i][2..];
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0) { settings[word[..equals]] = word[(equals + 1)..]; }
            else { settings[word] = i + 1 < args.Count ? args[++i] : string.Empty; }
        }

        return [.. rest];
    }

    /// <summary>The root command, with the verb that the command line begins with; with all verbs if it begins with none, as for help and completion.</summary>
    /// <param name="args">The command line, without settings.</param>
    /// <param name="settings">Keys from the command line.</param>
    public static RootCommand Build(IReadOnlyList<string> args, IReadOnlyDictionary<string, string?> settings)
    {
        var root = new RootCommand(
            "Turns Common Crawl WAT files into a CLIP-filtered, safety-tagged image-text dataset in Parquet. Any key of appsettings.json can be given as --Laion:Section:Key=value.");
        int one = args.Count == 0 ? -1 : Array.FindIndex(Verbs, verb => verb.Name == args[0]);
        foreach ((_, Func<IReadOnlyDictionary<string, string?>, Command> create) in one < 0 ? Verbs : Verbs.AsSpan(one, 1)) { root.Add(create(settings)); }
        return root;
    }
}
