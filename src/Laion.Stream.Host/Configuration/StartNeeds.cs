namespace LaionStream.Host.Configuration;

/// <summary>What a verb needs in addition to valid settings.</summary>
[Flags]
internal enum StartNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Inputs to read.</summary>
    Inputs = 1,

    /// <summary>A folder to write.</summary>
    Output = 2,

    /// <summary>A folder that an earlier run has written.</summary>
    EarlierOutput = 4,

    /// <summary>Models, unless the settings turn them off.</summary>
    Models = 8,
}
