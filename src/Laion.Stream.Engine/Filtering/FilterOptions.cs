using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Filtering;

/// <summary>Which scored rows are kept; bound to <c>Laion:Filtering</c>. Shapes the rows: part of the run's fingerprint, never live.</summary>
public sealed class FilterOptions
{
    /// <summary>Keeps every decoded row and needs no model: similarity and scores are only recorded.</summary>
    /// <value>Default false.</value>
    public bool Off { get; set; }

    /// <summary>Least similarity per set, −1..1.</summary>
    [Required]
    public SimilarityThresholds MinSimilarity { get; set; } = new();

    /// <summary>Most P(NSFW), 0..1; rows above are dropped as <c>score_limit</c>.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxUnsafe { get; set; }

    /// <summary>Most P(watermark), 0..1.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxWatermark { get; set; }

    /// <summary>Most P(inappropriate) by Q16, 0..1.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxQ16 { get; set; }

    /// <summary>Most P(toxic text), 0..1.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxToxicity { get; set; }

    /// <summary>Least aesthetic score, about 0..10.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(-100.0, 100.0)]
    public double? MinAesthetic { get; set; }
}
