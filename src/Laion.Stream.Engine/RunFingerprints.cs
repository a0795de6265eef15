using System.Collections;
using System.Globalization;
using System.Reflection;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Download;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Imaging;

namespace LaionStream.Engine;

/// <summary>Gathers what shapes the rows of an output (SPEC 3) out of the rooms' options. Pure.</summary>
internal static class RunFingerprints
{
    /// <summary>The fingerprint of candidates: only the rules that make them.</summary>
    public static RunFingerprint OfCandidates(CandidateOptions candidates)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["Kind"] = "candidates" };
        AddAll(values, "Candidates", candidates);
        return new RunFingerprint(values);
    }

    /// <summary>The fingerprint of a dataset: rules, limits, thresholds, switches and models.</summary>
    public static RunFingerprint OfDataset(
        CandidateOptions candidates, DownloadOptions download, ImagingOptions imaging, FilterOptions filtering, IReadOnlyDictionary<string, string> models)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["Kind"] = "dataset" };
        AddAll(values, "Candidates", candidates);
        AddAll(values, "Imaging", imaging);
        AddAll(values, "Filtering", filtering);
        AddAll(values, "Download:BlockLists", download.BlockLists);
        values["Download:MinBytes"] = Text(download.MinBytes);
        values["Download:MaxBytes"] = Text(download.MaxBytes);
        values["Download:Robots"] = Text(download.Robots);
        values["Download:FromArchive"] = Text(download.FromArchive); // which pictures a WARC's links get, and which of their addresses
        values["Download:RespectHeaders"] = Text(download.RespectHeaders);
        foreach ((string role, string sha256) in models) { values[$"Models:{role}"] = sha256; }
        return new RunFingerprint(values);
    }

    private static void AddAll(Dictionary<string, string> values, string path, object options)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties().Where(property => property.SetMethod is not null))
        {
            object? value = property.GetValue(options);
            string key = $"{path}:{property.Name}";
            if (value is not null && property.PropertyType.Namespace!.StartsWith("LaionStream", StringComparison.Ordinal) && !property.PropertyType.IsEnum)
            {
                AddAll(values, key, value);
            }
            else
            {
                values[key] = Text(value);
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => text,
        IEnumerable list => string.Join(' ', list.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
