namespace LaionStream.Engine.OptOuts;

/// <summary>What a statement says about a use.</summary>
internal enum UsagePreference
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>It may be.</summary>
    Allowed,

    /// <summary>It may not be.</summary>
    Disallowed,
}
