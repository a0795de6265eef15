namespace LaionStream.Host.Verbs.Doctor;

/// <summary>What a finding means for a run.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>A run works, but not as well as it could.</summary>
    Warn,

    /// <summary>A run will not work.</summary>
    Fail,
}
