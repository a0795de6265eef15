namespace LaionStream.Engine.Filtering;

/// <summary>The range in which a score must be for its row to be kept.</summary>
public sealed class ScoreLimit
{
    /// <summary>Rows below are dropped.</summary>
    /// <value>Default none.</value>
    public double? Min { get; set; }

    /// <summary>Rows above are dropped.</summary>
    /// <value>Default none.</value>
    public double? Max { get; set; }
}
