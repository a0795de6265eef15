namespace LaionStream.Host.Tests.Telemetry;

/// <summary>One metric of a scrape.</summary>
/// <param name="Name">As Prometheus knows it, without the suffix of a histogram's series.</param>
/// <param name="Kind">counter, gauge or histogram.</param>
internal sealed record MetricFamily(string Name, string Kind)
{
    /// <summary>Its description.</summary>
    public string Help { get; set; } = "";

    /// <summary>The names of its labels, without those that every series has.</summary>
    public SortedSet<string> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of its series.</summary>
    public IEnumerable<string> Series => Kind == "histogram" ? [Name + "_bucket", Name + "_sum", Name + "_count"] : [Name];
}
