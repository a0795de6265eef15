using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Filtering;

/// <summary>Minimum similarity per output set, −1..1. The defaults are LAION-5B's (rvencu/crawlingathome-gpu-hcloud gpu_inference.py).</summary>
public sealed class SimilarityThresholds
{
    /// <summary>For English, scored with CLIP's own text tower.</summary>
    /// <value>Default 0.28.</value>
    [Range(-1.0, 1.0)]
    public double En { get; set; } = 0.28;

    /// <summary>For other languages, scored with a multilingual tower; without one, the English tower and <see cref="En"/> apply to every set.</summary>
    /// <value>Default 0.26.</value>
    [Range(-1.0, 1.0)]
    public double Multi { get; set; } = 0.26;

    /// <summary>For captions without a reliable language; otherwise as <see cref="Multi"/>.</summary>
    /// <value>Default 0.26.</value>
    [Range(-1.0, 1.0)]
    public double Nolang { get; set; } = 0.26;
}
