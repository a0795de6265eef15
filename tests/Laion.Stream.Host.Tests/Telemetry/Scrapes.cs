using System.Text.RegularExpressions;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>What <c>/metrics</c> has shown in the course of a run: a metric without a value yet is not shown at all, so one scrape is not enough.</summary>
internal sealed partial class Scrapes
{
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>The metrics with our prefix, by name.</summary>
    public IReadOnlyDictionary<string, MetricFamily> Families => _families;

    /// <summary>The longest scrape.</summary>
    public string Longest { get; private set; } = "";

    /// <summary>Every name that a query may use.</summary>
    public HashSet<string> SeriesNames => [.. _families.Values.SelectMany(family => family.Series)];

    /// <summary>The values that a label had in the longest scrape.</summary>
    public IEnumerable<string> ValuesOf(string metric, string label) => Longest.Split('\n')
        .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal))
        .Select(line => Regex.Match(line, $"[{{,]{label}=\"([^\"]*)\"").Groups[1].Value)
        .Distinct();

    /// <summary>Takes one scrape.</summary>
    public void Add(string text)
    {
        if (text.Length > Longest.Length) { Longest = text; }
        MetricFamily? family = null;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ', 4);
            if (words is ["#", "TYPE", _, _]) { family = FamilyOf(words[2], words[3].Trim()); }
            if (words is ["#", "HELP", _, _] && family?.Name == words[2]) { family.Help = words[3].Trim(); } // the exporter writes it after the type
            if (family is null || line.StartsWith('#') || !line.StartsWith(family.Name, StringComparison.Ordinal)) { continue; }
            foreach (Match label in Label().Matches(line))
            {
                if (label.Groups[1].Value is var name && name != "le" && !name.StartsWith("otel_", StringComparison.Ordinal)) { family.Labels.Add(name); }
            }
        }
    }

    private MetricFamily? FamilyOf(string name, string kind)
    {
        if (!name.StartsWith("laion_", StringComparison.Ordinal)) { return null; }
        if (!_families.TryGetValue(name, out MetricFamily? family)) { _families[name] = family = new MetricFamily(name, kind); }
        return family;
    }

    [GeneratedRegex("""[{,]([a-z_]+)="(?:[^"\\]|\\.)*"(?=[,}])""")]
    private static partial Regex Label();
}
