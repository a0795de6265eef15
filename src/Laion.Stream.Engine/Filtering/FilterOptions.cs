using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Filtering;

/// <summary>Which scored rows are kept; bound to <c>Laion:Filtering</c>. Shapes the rows: part of the run's fingerprint, never live.</summary>
public sealed class FilterOptions
{
    /// <summary>Keeps every decoded row and needs no model: similarity and scores are only recorded.</summary>
    /// <value>Default false.</value>
    public bool Off { get; set; }

    /// <summary>Minimum similarity per set, −1..1.</summary>
    [Required]
    public SimilarityThresholds MinSimilarity { get; set; } = new();

    /// <summary>
    /// Limits of any score column by its name, each <c>{ "Min": …, "Max": … }</c>; rows outside are dropped as <c>score_limit</c>, rows without the score are
    /// kept. The five keys below are aliases for limits of the standard columns.
    /// </summary>
    /// <value>Default none: tagged only.</value>
    public Dictionary<string, ScoreLimit> Limits { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Maximum P(NSFW), 0..1; rows above are dropped as <c>score_limit</c>.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxUnsafe { get; set; }

    /// <summary>Maximum P(watermark), 0..1.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxWatermark { get; set; }

    /// <summary>Maximum P(inappropriate) by Q16, 0..1.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxQ16 { get; set; }

    /// <summary>Maximum P(toxic text), 0..1.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(0.0, 1.0)]
    public double? MaxToxicity { get; set; }

    /// <summary>Minimum aesthetic score, about 0..10.</summary>
    /// <value>Default none: tagged only.</value>
    [Range(-100.0, 100.0)]
    public double? MinAesthetic { get; set; }

    /// <summary>Every bound that is set, under <see cref="Limits"/> or under its own key, in a stable order.</summary>
    internal IReadOnlyList<ScoreBound> Bounds()
    {
        ScoreBound[] own =
        [
            new("punsafe", IsMax: true, MaxUnsafe, nameof(MaxUnsafe)),
            new("pwatermark", IsMax: true, MaxWatermark, nameof(MaxWatermark)),
            new("q16", IsMax: true, MaxQ16, nameof(MaxQ16)),
            new("toxicity", IsMax: true, MaxToxicity, nameof(MaxToxicity)),
            new("aesthetic", IsMax: false, MinAesthetic, nameof(MinAesthetic)),
        ];
        IEnumerable<ScoreBound> named = Limits.OrderBy(limit => limit.Key, StringComparer.OrdinalIgnoreCase).SelectMany(limit => (ScoreBound[])
        [
            new(limit.Key.ToLowerInvariant(), IsMax: false, limit.Value.Min, $"{nameof(Limits)}:{limit.Key}:{nameof(ScoreLimit.Min)}"),
            new(limit.Key.ToLowerInvariant(), IsMax: true, limit.Value.Max, $"{nameof(Limits)}:{limit.Key}:{nameof(ScoreLimit.Max)}"),
        ]);
        return [.. own.Concat(named).Where(bound => bound.Value is not null)];
    }
}
