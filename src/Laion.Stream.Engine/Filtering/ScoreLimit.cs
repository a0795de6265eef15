namespace LaionStream.Engine.Filtering;

/// <summary>The range of a score that is kept.</summary>
public sealed class ScoreLimit
{
    /// <summary>Rows below are dropped.</summary>
    /// <value>Default none.</value>
    public double? Min { get; set; }

    /// <summary>Rows above are dropped.</summary>
    /// <value>Default none.</value>
    public double? Max { get; set; }
}
