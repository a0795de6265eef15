using System.CommandLine;
using LaionStream.Host.Verbs;
using LaionStream.Host.Verbs.Doctor;
using LaionStream.Host.Verbs.Explain;

namespace LaionStream.Host;

/// <summary>The verbs and their options. Configuration keys are options of every verb and are removed before parsing.</summary>
internal static class CommandLine
{
    private const string KeyPrefix = "--Laion:";

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

    /// <summary>The root command with every verb.</summary>
    /// <param name="settings">Keys from the command line.</param>
    public static RootCommand Build(IReadOnlyDictionary<string, string?> settings) =>
        new("Turns Common Crawl WAT files into a CLIP-filtered, safety-tagged image-text dataset in Parquet. Any key of appsettings.json can be given as --Laion:Section:Key=value.")
        {
            RunVerb.Command(settings),
            DemoVerb.Command(settings),
            ExtractVerb.Command(settings),
            RetryVerb.Command(settings),
            VerifyVerb.Command(settings),
            ReexamineVerb.Command(settings),
            InspectVerb.Command(),
            IndexVerb.Command(settings),
            SubsetVerb.Command(settings),
            MergeVerb.Command(settings),
            RemoveVerb.Command(settings),
            ReportVerb.Command(),
            ServeVerb.Command(settings),
            ModelsVerb.Command(settings),
            DoctorVerb.Command(settings),
            EmbedVerb.Command(settings),
            ExplainVerb.Command(settings),
            HealthVerb.Command(settings),
            CompletionVerb.Command(),
        };
}
